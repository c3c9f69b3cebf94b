/** One YAML document to plain JSON, as kubectl converts it (sigs.k8s.io/yaml), and its complaints about what it cannot. */
import { MAX_DEPTH } from '../plain';
import { toJson } from './compose';
import { parseNodes } from './parser';

export { YamlError } from './errors';

/** The text's first document as JSON; undefined for one without content. @throws YamlError */
export function parseYaml(text: string): unknown {
  const node = parseNodes(text, MAX_DEPTH);
  return node && toJson(node);
}
