/** Volumes that bring their own claim, which lives as long as the pod (as validateEphemeralVolumeSource). */
import { isDns1123Subdomain } from '../../meta/names';
import { asObject, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateClaimSpec } from './claims';
import { forbidden, invalids, required } from './errors';
import { validateAnnotations, validateLabels } from './metadata';

/** What the metadata of a claim template may not have, in the order of the Go struct. */
const TEMPLATE_METADATA = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** `path` is the source's, `volumePath` the volume's. `podName` where the volume belongs to a pod and not to a template. */
export function validateEphemeral(
  content: Json,
  path: string,
  volumePath: string,
  volumeName: string,
  podName: string | undefined,
): FieldError[] {
  if (!isSet(content.volumeClaimTemplate)) return [required(`${path}.volumeClaimTemplate`)];
  const template = asObject(content.volumeClaimTemplate);
  const metadata = asObject(template.metadata);
  const at = `${path}.volumeClaimTemplate`;
  const errors = [
    ...validateAnnotations(metadata.annotations, `${at}.metadata.annotations`),
    ...validateLabels(metadata.labels, `${at}.metadata.labels`),
    ...TEMPLATE_METADATA.filter((field) => isSet(metadata[field])).map((field) =>
      // The path is made of the name that the field has in Go.
      forbidden(`${at}.metadata.${field === 'uid' ? 'uID' : field}`, 'cannot be set'),
    ),
    ...validateClaimSpec(asObject(template.spec), `${at}.spec`),
  ];
  if (!podName || !volumeName) return errors;
  const claim = `${podName}-${volumeName}`;
  const messages = isDns1123Subdomain(claim).map((message) => `PVC name ${JSON.stringify(claim)}: ${message}`);
  return [...errors, ...invalids(`${volumePath}.name`, volumeName, messages)];
}
