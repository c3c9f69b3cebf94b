/** Services against quotas: their number, their node ports and their load balancers (as evaluator/core/services.go). */
import type { KubeObject, Service } from '../../api/types';
import { Quantity } from '../../meta/quantity';
import type { Evaluator } from './evaluator';
import { shared } from './sharing';

const RESOURCES = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];

export const serviceEvaluator: Evaluator = {
  concerns: (resource) => RESOURCES.includes(resource),
  usage(object: KubeObject) {
    const { type, ports = [], allocateLoadBalancerNodePorts } = (object as Service).spec;
    const isBalanced = type === 'LoadBalancer';
    const own = ports.filter(({ nodePort }) => nodePort).length;
    const wanted = isBalanced && allocateLoadBalancerNodePorts === false ? own : ports.length;
    const amounts = [1, 1, isBalanced || type === 'NodePort' ? wanted : 0, isBalanced ? 1 : 0];
    return shared(new Map(RESOURCES.map((name, i) => [name, Quantity.parse(amounts[i] as number)])));
  },
  countsUpdates: true,
};
