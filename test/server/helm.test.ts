/** A release's life with the real Helm against `serve`: a chart with a StatefulSet, its service, budget and settings. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shell, workshop } from '../conformance/replay';
import { describeOracle, helmPath } from '../oracle/support/kubectl';
import { kubectlShim, servedTo } from './served-case';

const CHART = fileURLToPath(new URL('./fixtures/db', import.meta.url));

const served = servedTo(kubectlShim, []);

describeOracle(
  'Helm against serve',
  () => {
    const place = workshop();
    let stop: () => Promise<void> = async () => {};

    beforeAll(async () => {
      stop = await served(place.folder, place.env);
      writeFileSync(join(place.folder, '.bin', 'helm'), `#!/bin/sh\nexec '${helmPath()}' "$@"\n`, { mode: 0o755 });
    });
    afterAll(async () => {
      await stop();
      place.clean();
    });

    const run = (command: string) => shell(command.replaceAll('CHART', `'${CHART}'`), place.folder, place.env);
    /** What a command prints; it must end well. */
    const said = async (command: string): Promise<string> => {
      const { stdout, stderr, code } = await run(command);
      expect(code, `${command}\n${stderr}`).toBe(0);
      return stdout.trim();
    };
    const images = () =>
      said(`kubectl get pods -l app.kubernetes.io/instance=one -o 'jsonpath={.items[*].spec.containers[0].image}'`);
    /** `1 superseded Install complete` */
    const history = async (): Promise<string[]> => {
      const releases = JSON.parse(await said('helm history one -o json')) as Record<string, unknown>[];
      return releases.map(
        ({ revision, status, description }) => `${revision} ${status} ${String(description).split(/[:\n]/)[0]}`,
      );
    };

    it('installs a chart and waits until its StatefulSet is ready', async () => {
      expect(await said('helm install one CHART --wait --timeout 60s')).toContain('3 members of one say hello.');
      expect(await images()).toBe('nginx:1.27 nginx:1.27 nginx:1.27');
      expect(await said(`kubectl get sts one -o 'jsonpath={.status.readyReplicas} {.metadata.labels}'`)).toBe(
        '3 {"app.kubernetes.io/instance":"one","app.kubernetes.io/managed-by":"Helm","app.kubernetes.io/name":"db"}',
      );
      expect(
        await said(
          `kubectl get sts one --show-managed-fields -o 'jsonpath={.metadata.managedFields[0].manager} {.metadata.managedFields[0].operation}'`,
        ),
      ).toBe('helm Apply');
      expect(
        await said(
          `kubectl get secrets -l owner=helm,name=one -o 'jsonpath={.items[*].metadata.name} {.items[*].type}'`,
        ),
      ).toBe('sh.helm.release.v1.one.v1 helm.sh/release.v1');
      expect(await history()).toEqual(['1 deployed Install complete']);
    });

    it('tells of a release what the cluster has of it', async () => {
      const status = await said('helm status one');
      expect(status).toContain('STATUS: deployed');
      for (const row of [
        /^==> v1\/StatefulSet\nNAME {3}READY {3}AGE\none {4}3\/3 /m,
        /^==> v1\/PodDisruptionBudget\nNAME {3}MIN AVAILABLE .*\none {4}N\/A {13}1 {17}1 /m,
        /^==> v1\/Service\nNAME .*\none {4}ClusterIP {3}None /m,
        /^==> v1\/Pod\(related\)\nNAME .*\none-0 {3}1\/1 {5}Running .*\none-1 .*\none-2 /m,
      ])
        expect(status).toMatch(row);
      expect(JSON.parse(await said('helm list -o json'))).toMatchObject([
        {
          name: 'one',
          namespace: 'default',
          revision: '1',
          status: 'deployed',
          chart: 'db-0.1.0',
          app_version: '1.27',
        },
      ]);
      expect(await said('helm get manifest one | kubectl get -f - -o name')).toBe(
        ['poddisruptionbudget.policy/one', 'configmap/one', 'service/one', 'statefulset.apps/one'].join('\n'),
      );
      // What Helm has put there is what the cluster has.
      expect(await said('helm get manifest one | kubectl diff --server-side --force-conflicts -f -')).toBe('');
    });

    it('upgrades and rolls back', async () => {
      await said('helm upgrade --install one CHART --set image=nginx:1.28,greeting=hi --wait --timeout 60s');
      expect(await images()).toBe('nginx:1.28 nginx:1.28 nginx:1.28');
      expect(await said('helm rollback one 1 --wait --timeout 60s')).toBe('Rollback was a success! Happy Helming!');
      expect(await images()).toBe('nginx:1.27 nginx:1.27 nginx:1.27');
      expect(await said(`kubectl get configmap one -o 'jsonpath={.data.GREETING}'`)).toBe('hello');
      // Rolling back needs no revision of its own.
      expect(await said(`kubectl get controllerrevisions --sort-by .revision -o 'jsonpath={.items[*].revision}'`)).toBe(
        '2 3',
      );
      expect(await history()).toEqual([
        '1 superseded Install complete',
        '2 superseded Upgrade complete',
        '3 deployed Rollback to 1',
      ]);
    });

    it('sees what others own, and takes it when it is told to', async () => {
      await said('kubectl set image statefulset/one db=nginx:1.29');
      const { stderr, code } = await run('helm upgrade one CHART --set image=nginx:1.28');
      expect(code).toBe(1);
      expect(stderr).toContain(
        'Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: .spec.template.spec.containers[name="db"].image',
      );
      await said('helm upgrade one CHART --set image=nginx:1.28 --force-conflicts --wait --timeout 60s');
      expect(await images()).toBe('nginx:1.28 nginx:1.28 nginx:1.28');
    });

    it('says why an upgrade is not done, and comes back from it', async () => {
      const { stderr, code } = await run('helm upgrade one CHART --set image=nginx:does-not-exist --wait --timeout 4s');
      expect(code).toBe(1);
      expect(stderr).toContain('resource StatefulSet/default/one not ready. status: InProgress, message: Ready: 2/3');
      await said('helm rollback one 5');
      // A pod that never became ready stands in the way of an ordered rollout until somebody takes it away.
      await said('kubectl delete pod one-2');
      await said('kubectl rollout status statefulset/one --timeout 30s');
      expect(await images()).toBe('nginx:1.28 nginx:1.28 nginx:1.28');
    });

    it('refuses what a StatefulSet may not change, in the words of the API', async () => {
      const { stderr, code } = await run('helm upgrade one CHART --set storage=2Gi');
      expect(code).toBe(1);
      expect(stderr).toContain(
        `StatefulSet.apps "one" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas'`,
      );
    });

    it('runs hooks that are pods, and says of those that are jobs that nothing runs them', async () => {
      expect(await said('helm test one --timeout 30s')).toMatch(/^Phase: {10}Succeeded$/m);
      const { stderr, code } = await run('helm upgrade one CHART --set hook.enabled=true --timeout 3s');
      expect(code).toBe(1);
      expect(stderr).toContain('jobs.batch are stored but not simulated');
      expect(stderr).toContain('pre-upgrade hooks failed: resource Job/default/one-migrate not ready');
    });

    it('uninstalls, and leaves the claims', async () => {
      expect(await said('helm uninstall one --wait --timeout 60s')).toBe('release "one" uninstalled');
      await said('kubectl wait --for=delete pod -l app.kubernetes.io/instance=one --timeout 30s');
      expect(await said('kubectl get sts,svc,pdb,secrets,controllerrevisions -o name')).toBe('service/kubernetes');
      expect(await said('kubectl get pvc -o name')).toBe(
        [0, 1, 2].map((i) => `persistentvolumeclaim/data-one-${i}`).join('\n'),
      );
    });

    it('works with patches made by the client, as it did before it left them to the server', async () => {
      const way = '--server-side=false --wait=legacy --timeout 60s -n other';
      await said(`helm install one CHART ${way} --create-namespace`);
      await said(`helm upgrade one CHART ${way} --set image=nginx:1.28`);
      await said(`helm rollback one 1 ${way}`);
      expect(await said(`kubectl get pods -n other -o 'jsonpath={.items[*].spec.containers[0].image}'`)).toBe(
        'nginx:1.27 nginx:1.27 nginx:1.27',
      );
    });

    it('renders for kubectl', async () => {
      await said('helm template two CHART --skip-tests | kubectl apply --server-side -f -');
      await said('kubectl rollout status statefulset/two --timeout 30s');
      expect(
        await said('helm template two CHART --skip-tests | kubectl diff --server-side --force-conflicts -f -'),
      ).toBe('');
    });
  },
  'helm',
);
