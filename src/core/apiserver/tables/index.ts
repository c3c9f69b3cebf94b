/** The rows that the API server computes for `kubectl get`: one printer a kind (as pkg/printers/internalversion). */
import { asStored } from '../../api/other-versions';
import type { ResourceInfo } from '../../api/resources';
import type { Table } from '../../api/table';
import type { KubeObject } from '../../api/types';
import { autoscalerPrinter, budgetPrinter, leasePrinter, nodePrinter, priorityClassPrinter } from './cluster';
import { agePrinter, configMapPrinter, namespacePrinter, quotaPrinter, secretPrinter } from './config';
import { customPrinter } from './custom';
import { eventPrinter } from './events';
import { extensionPrinter } from './extensions';
import { podPrinter } from './pods';
import { policyPrinter } from './policies';
import type { TablePrinter } from './printer';
import { bindingPrinter, createdPrinter } from './rbac';
import {
  endpointSlicePrinter,
  endpointsPrinter,
  ingressClassPrinter,
  ingressPrinter,
  networkPolicyPrinter,
  servicePrinter,
} from './services';
import { claimPrinter, storageClassPrinter, volumePrinter } from './storage';
import {
  controllerRevisionPrinter,
  cronJobPrinter,
  daemonSetPrinter,
  deploymentPrinter,
  jobPrinter,
  podTemplatePrinter,
  replicaSetPrinter,
  scalePrinter,
  statefulSetPrinter,
} from './workloads';

/** Columns and rows of `objects`, in their order. All columns are there; those of priority 1 are for `-o wide`. */
export function tableFor(
  resource: Pick<ResourceInfo, 'group' | 'plural' | 'printerColumns'>,
  objects: readonly KubeObject[],
  now: number,
): Table {
  const printer = resource.printerColumns ? customPrinter(resource.printerColumns) : printerFor(resource);
  return {
    columns: printer.columns,
    rows: objects.map((object) => ({ cells: printer.cells(asStored(object), now), object })),
  };
}

// Each printer is handed objects of its own kind only, which the resource says and the compiler cannot know.
const untyped = <T extends KubeObject>(printer: TablePrinter<T>): TablePrinter => printer as TablePrinter<KubeObject>;

function printerFor({ group, plural }: Pick<ResourceInfo, 'group' | 'plural'>): TablePrinter {
  switch (group ? `${plural}.${group}` : plural) {
    case 'pods':
      return untyped(podPrinter());
    case 'statefulsets.apps':
      return untyped(statefulSetPrinter());
    case 'services':
      return untyped(servicePrinter());
    case 'endpoints':
      return untyped(endpointsPrinter());
    case 'endpointslices.discovery.k8s.io':
      return untyped(endpointSlicePrinter());
    case 'persistentvolumeclaims':
      return untyped(claimPrinter());
    case 'persistentvolumes':
      return untyped(volumePrinter());
    case 'storageclasses.storage.k8s.io':
      return untyped(storageClassPrinter());
    case 'configmaps':
      return untyped(configMapPrinter());
    case 'secrets':
      return untyped(secretPrinter());
    case 'namespaces':
      return untyped(namespacePrinter());
    case 'nodes':
      return untyped(nodePrinter());
    case 'events':
    case 'events.events.k8s.io':
      return untyped(eventPrinter());
    case 'controllerrevisions.apps':
      return untyped(controllerRevisionPrinter());
    case 'poddisruptionbudgets.policy':
      return untyped(budgetPrinter());
    default:
      return otherPrinter(group, plural);
  }
}

function otherPrinter(group: string, plural: string): TablePrinter {
  switch (group ? `${plural}.${group}` : plural) {
    case 'deployments.apps':
      return deploymentPrinter();
    case 'replicasets.apps':
    case 'replicationcontrollers':
      return replicaSetPrinter();
    case 'daemonsets.apps':
      return daemonSetPrinter();
    case 'jobs.batch':
      return jobPrinter();
    case 'cronjobs.batch':
      return cronJobPrinter();
    case 'podtemplates':
      return podTemplatePrinter();
    case 'ingresses.networking.k8s.io':
      return ingressPrinter();
    case 'ingressclasses.networking.k8s.io':
      return ingressClassPrinter();
    case 'networkpolicies.networking.k8s.io':
      return networkPolicyPrinter();
    case 'leases.coordination.k8s.io':
      return leasePrinter();
    case 'priorityclasses.scheduling.k8s.io':
      return priorityClassPrinter();
    case 'scales.autoscaling':
      return scalePrinter();
    case 'horizontalpodautoscalers.autoscaling':
      return autoscalerPrinter();
    case 'resourcequotas':
      return quotaPrinter();
    case 'rolebindings.rbac.authorization.k8s.io':
    case 'clusterrolebindings.rbac.authorization.k8s.io':
      return bindingPrinter();
    case 'roles.rbac.authorization.k8s.io':
    case 'clusterroles.rbac.authorization.k8s.io':
    case 'limitranges':
    case 'customresourcedefinitions.apiextensions.k8s.io':
    case 'csistoragecapacities.storage.k8s.io':
      return createdPrinter();
    default:
      return extensionPrinter(`${plural}.${group}`) ?? policyPrinter(`${plural}.${group}`) ?? agePrinter();
  }
}
