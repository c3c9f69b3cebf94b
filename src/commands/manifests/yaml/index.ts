/** One YAML document to plain JSON, as kubectl converts it (sigs.k8s.io/yaml), and its complaints about what it cannot. */
import { MAX_DEPTH } from '../plain';
import { toJson } from './compose';
import { YamlError } from './errors';
import { parseNodes } from './parser';

export { YamlError };

/** The text's first document as JSON; undefined for one without content. @throws YamlError */
export function parseYaml(text: string): unknown {
  try {
    const node = parseNodes(text, MAX_DEPTH);
    return node && toJson(node);
  } catch (e) {
    // libyaml ends the last line itself, and its parser tells of the line behind it.
    if (e instanceof YamlError && !text.endsWith('\n') && OF_PARSER.test(e.message)) return parseYaml(`${text}\n`);
    throw e;
  }
}

const OF_PARSER = /did not find expected (?:',' or|'-' indicator|node content|key)/;
