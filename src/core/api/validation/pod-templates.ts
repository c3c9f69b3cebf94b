/** Templates of pods that stand by themselves (as ValidatePodTemplate and ValidatePodTemplateUpdate). */
import { asObject, type Json } from '../json';
import type { FieldError } from '../status';
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from './metadata';
import { validateTemplate } from './pod-spec';

export const validatePodTemplate = (object: Json): FieldError[] => [
  ...validateObjectMeta(asObject(object.metadata), true, subdomainName),
  ...validateTemplate(asObject(object.template), 'template'),
];

export const validatePodTemplateUpdate = (object: Json, old: Json): FieldError[] => [
  ...validateObjectMetaUpdate(asObject(object.metadata), asObject(old.metadata)),
  ...validateTemplate(asObject(object.template), 'template'),
];
