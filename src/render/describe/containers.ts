/** The containers of a pod or of a template, with their states when there are any (as describeContainers). */

import type { Container, ContainerPort, ContainerStatus, KubeObject } from '../../core/api/types';
import { goQuote } from '../../core/meta/gofmt';
import { compareText } from '../../core/meta/text';
import { writeEnvironment } from './environment';
import { asMap, asMaps, asNumber, asStringMap, asText, at, type Json } from './json';
import { boolText, dateOf } from './parts';
import { probeText } from './probe';
import type { DetailWriter } from './writer';

export interface ContainerLines {
  /** `Containers`, `Init Containers`, `Ephemeral Containers`. */
  readonly label: string;
  readonly statuses?: readonly ContainerStatus[];
  /** Two spaces inside a template, none in a pod. */
  readonly space: string;
  /** The pod whose fields the environment refers to; none for a template. */
  readonly pod?: KubeObject;
}

export function writeContainers(w: DetailWriter, containers: readonly Container[], lines: ContainerLines): void {
  w.line(0, `${lines.space}${lines.label}:${containers.length === 0 ? ' <none>' : ''}`);
  for (const container of containers) {
    const status = lines.statuses?.findLast((s) => s.name === container.name);
    w.line(1, `${lines.space ? ' ' : ''}${container.name}:`);
    writeBasics(w, container, status);
    writeWords(w, 'Command', container.command);
    writeWords(w, 'Args', container.args);
    if (status) writeState(w, status);
    writeResources(w, container.resources, 2);
    for (const [title, probe] of probes(container)) w.field(2, title, probeText(probe));
    writeEnvironment(w, container, lines.pod);
    writeMounts(w, container);
  }
}

function writeBasics(w: DetailWriter, container: Container, status: ContainerStatus | undefined): void {
  if (status) w.field(2, 'Container ID', status.containerID ?? '');
  w.field(2, 'Image', container.image ?? '');
  if (status) w.field(2, 'Image ID', status.imageID ?? '');
  writePorts(w, 'Port', container.ports, (port) => `${port.containerPort}/${port.protocol ?? ''}`);
  writePorts(w, 'Host Port', container.ports, (port) => `${port.hostPort ?? 0}/${port.protocol ?? ''}`);
  writeSeccomp(w, at(container, 'securityContext', 'seccompProfile'), 2);
}

/** The profile and, when it is a file on the node, its path. Inside a container the path is one level deeper. */
export function writeSeccomp(w: DetailWriter, profile: unknown, level: number): void {
  const seccomp = asMap(profile);
  if (!seccomp) return;
  w.field(level, 'SeccompProfile', asText(seccomp.type));
  if (seccomp.type === 'Localhost') w.field(level && level + 1, 'LocalhostProfile', asText(seccomp.localhostProfile));
}

function writePorts(
  w: DetailWriter,
  title: string,
  ports: readonly ContainerPort[] | undefined,
  text: (port: ContainerPort) => string,
): void {
  const all = (ports ?? []).map((port) => `${text(port)}${port.name ? ` (${port.name})` : ''}`).join(', ');
  w.field(2, all.includes(',') ? `${title}s` : title, all || '<none>');
}

function writeWords(w: DetailWriter, title: string, words: readonly string[] | undefined): void {
  if (!words || words.length === 0) return;
  w.line(2, `${title}:`);
  for (const word of words) for (const line of word.split('\n')) w.line(3, line);
}

function writeState(w: DetailWriter, status: ContainerStatus): void {
  writeOneState(w, 'State', asMap(status.state) ?? {});
  const last = asMap(status.lastState);
  if (last && asMap(last.terminated)) writeOneState(w, 'Last State', last);
  w.field(2, 'Ready', boolText(status.ready));
  w.field(2, 'Restart Count', status.restartCount);
}

function writeOneState(w: DetailWriter, title: string, state: Json): void {
  const running = asMap(state.running);
  const waiting = asMap(state.waiting);
  const terminated = asMap(state.terminated);
  if (running) {
    w.field(2, title, 'Running');
    w.field(3, 'Started', dateOf(running.startedAt));
  } else if (waiting || !terminated) {
    w.field(2, title, 'Waiting');
    if (waiting?.reason) w.field(3, 'Reason', asText(waiting.reason));
  } else {
    w.field(2, title, 'Terminated');
    if (terminated.reason) w.field(3, 'Reason', asText(terminated.reason));
    if (terminated.message) w.field(3, 'Message', asText(terminated.message));
    w.field(3, 'Exit Code', asNumber(terminated.exitCode));
    if (asNumber(terminated.signal) > 0) w.field(3, 'Signal', asNumber(terminated.signal));
    w.field(3, 'Started', dateOf(terminated.startedAt));
    w.field(3, 'Finished', dateOf(terminated.finishedAt));
  }
}

/** Limits and Requests, by name. */
export function writeResources(w: DetailWriter, resources: unknown, level: number): void {
  for (const [title, field] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ]) {
    const quantities = asStringMap(at(resources, field));
    const names = Object.keys(quantities).sort(compareText);
    if (names.length > 0) w.line(level, `${title}:`);
    for (const name of names) w.field(level + 1, name, quantities[name]);
  }
}

function probes(container: Container): [title: string, probe: Json][] {
  const all: [string, unknown][] = [
    ['Liveness', container.livenessProbe],
    ['Readiness', container.readinessProbe],
    ['Startup', container.startupProbe],
  ];
  return all.flatMap(([title, probe]) => {
    const map = asMap(probe);
    return map ? [[title, map] as [string, Json]] : [];
  });
}

function writeMounts(w: DetailWriter, container: Container): void {
  const mounts = [...(container.volumeMounts ?? [])].sort((a, b) => compareText(a.mountPath, b.mountPath));
  const none = mounts.length === 0 ? '\t<none>' : '';
  w.line(2, `Mounts:${none}`);
  for (const mount of mounts) {
    const path = mount.subPath ? `,path=${goQuote(mount.subPath)}` : '';
    w.line(3, `${mount.mountPath} from ${mount.name} (${mount.readOnly ? 'ro' : 'rw'}${path})`);
  }
  const devices = [...asMaps(container.volumeDevices)].sort((a, b) =>
    compareText(asText(a.devicePath), asText(b.devicePath)),
  );
  if (devices.length > 0) w.line(2, `Devices:${none}`);
  for (const device of devices) w.line(3, `${asText(device.devicePath)} from ${asText(device.name)}`);
}
