/** Which objects `describe` shows, and when it shows their events. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, createCli, webYaml } from '../support/cli';

let cli: Cli;
beforeEach(async () => {
  cli = createCli({ 'web.yaml': webYaml() });
  await cli('apply -f web.yaml');
  await cli('sim clock settle');
});
afterEach(() => cli.dispose());

/** How many of the descriptions have a section of events. */
async function eventSections(command: string): Promise<number> {
  const { out } = await cli(command);
  expect(out).toContain('Name:');
  return out.match(/^Events:/gm)?.length ?? 0;
}

test('events belong to one object that was named in full', async () => {
  expect(await eventSections('describe pod web-0')).toBe(1);
  expect(await eventSections('describe pod/web-0')).toBe(1);
  expect(await eventSections('describe sts')).toBe(1);
  expect(await eventSections('describe pods')).toBe(0);
  expect(await eventSections('describe pods web-0 web-1')).toBe(0);
  expect(await eventSections('describe pod web')).toBe(0);
  expect(await eventSections('describe pod web-0 nope')).toBe(0);
});

test('--show-events has the last word', async () => {
  expect(await eventSections('describe pods --show-events')).toBe(2);
  expect(await eventSections('describe pod web --show-events=true')).toBe(2);
  expect(await eventSections('describe pod web-0 --show-events=false')).toBe(0);
});

test('an ingress looks up what is behind it', async () => {
  cli.files.set(
    'ingress.yaml',
    `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: nginx}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      - {path: /x, pathType: Prefix, backend: {service: {name: gone, port: {name: http}}}}
`,
  );
  await cli('apply -f ingress.yaml');
  await cli('sim clock settle');
  const { out } = await cli('describe ingress web');
  expect(out).toMatch(/ {6}\/ {3,}web:80 \(\d[\d.]+:80,\d[\d.]+:80\)\n/);
  expect(out).toContain('gone:http (<error: services "gone" not found>)\n');
});
