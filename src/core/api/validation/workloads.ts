/** Workloads that are stored without being played: their selector and template are checked all the same. */
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, invalid, nonNegative, notSupported, required } from './errors';
import { validateLabelSelector } from './metadata';
import { validateTemplate } from './pod-spec';
import { validateTemplateLabels } from './stateful-sets';

/** As ValidateDeploymentSpec and its siblings, as far as selector, template and counts go. */
export function validateWorkload(kind: string, object: Json): FieldError[] {
  const spec = asObject(object.spec);
  const template = asObject(spec.template);
  if (kind === 'Job') return isSet(spec.template) ? validateTemplate(template, 'spec.template') : [];
  const errors: FieldError[] = [...nonNegative('spec.replicas', spec.replicas)];
  if (!isSet(spec.selector)) errors.push(required('spec.selector'));
  else {
    errors.push(...validateLabelSelector(spec.selector, 'spec.selector'));
    const { matchLabels, matchExpressions } = asObject(spec.selector);
    if (Object.keys(asObject(matchLabels)).length + asList(matchExpressions).length === 0) {
      errors.push(invalid('spec.selector', spec.selector, `empty selector is invalid for ${kind.toLowerCase()}`));
    }
  }
  errors.push(...validateTemplateLabels(spec.selector, asObject(asObject(template.metadata).labels)));
  errors.push(...validateTemplate(template, 'spec.template'));
  const podSpec = asObject(template.spec);
  if (podSpec.restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', asString(podSpec.restartPolicy), ['Always']));
  }
  if (isSet(podSpec.activeDeadlineSeconds)) {
    const why = `activeDeadlineSeconds in ${kind} is not Supported`;
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', why));
  }
  return errors;
}
