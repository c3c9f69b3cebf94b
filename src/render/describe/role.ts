/** `describe role` and `describe clusterrole`: a line for each resource, with all that may be done to it. */
import type { KubeObject } from '../../core/api/types';
import { compareText } from '../../core/meta/text';
import { asMaps, asStrings, goList, type Json } from './json';
import { writeAnnotations, writeLabels } from './parts';
import { DetailWriter } from './writer';

interface Rule {
  readonly verbs: string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
}

export function describeRole(role: KubeObject): string {
  const w = new DetailWriter();
  w.field(0, 'Name', role.metadata.name);
  writeLabels(w, 'Labels', role.metadata.labels);
  writeAnnotations(w, 'Annotations', role.metadata.annotations);
  w.line(0, 'PolicyRule:');
  w.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  w.line(1, '---------\t-----------------\t--------------\t-----');
  const rules = compact(asMaps((role as { rules?: unknown }).rules).flatMap(breakDown));
  for (const { rule } of rules.map((rule) => ({ rule, key: sortKey(rule) })).sort((a, b) => compareText(a.key, b.key)))
    w.line(1, [resourceText(rule), goList(rule.urls), goList(rule.names), goList(rule.verbs)].join('\t'));
  return w.toString();
}

/** A rule for every verb on every resource of every group, and for every address (as BreakdownRule). */
function breakDown(rule: Json): Rule[] {
  const names = asStrings(rule.resourceNames);
  const verbs = asStrings(rule.verbs);
  const none = { groups: [], resources: [], names: [], urls: [] };
  const onResources = asStrings(rule.apiGroups).flatMap((group) =>
    asStrings(rule.resources).flatMap((resource) =>
      verbs.flatMap((verb) =>
        (names.length > 0 ? names : [undefined]).map((name) => ({
          ...none,
          verbs: [verb],
          groups: [group],
          resources: [resource],
          names: name === undefined ? [] : [name],
        })),
      ),
    ),
  );
  const onUrls = asStrings(rule.nonResourceURLs).flatMap((url) =>
    verbs.map((verb) => ({ ...none, verbs: [verb], urls: [url] })),
  );
  return [...onResources, ...onUrls];
}

/** Rules on the same resource become one with all their verbs; those on addresses stay apart (as CompactRules). */
function compact(rules: readonly Rule[]): Rule[] {
  const simple = new Map<string, Rule>();
  const others: Rule[] = [];
  for (const rule of rules) {
    if (rule.urls.length > 0) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.groups, rule.resources, rule.names]);
    const there = simple.get(key);
    if (there) there.verbs.push(...rule.verbs);
    else simple.set(key, { ...rule, verbs: [...rule.verbs] });
  }
  return [...others, ...simple.values()];
}

/** kubectl sorts by a rule's Go text. */
const sortKey = ({ verbs, groups, resources, names, urls }: Rule): string =>
  `Verbs:${goList(verbs)},APIGroups:${goList(groups)},Resources:${goList(resources)},ResourceNames:${goList(names)},NonResourceURLs:${goList(urls)},`;

/** `statefulsets.apps/scale` */
function resourceText({ resources: [resource], groups: [group] }: Rule): string {
  if (resource === undefined) return '';
  const slash = resource.indexOf('/');
  const [head, tail] = slash < 0 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash)];
  return `${head}${group ? `.${group}` : ''}${tail}`;
}
