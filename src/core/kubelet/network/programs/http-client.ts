/** What curl and wget share: addresses of the web, and one request to whoever listens there. */
import type { HttpRequest, HttpResponse } from '../../catalogue/model';
import type { ProgramContext } from '../../shell/program';
import { exchange } from '../http';
import type { Connection } from '../types';

export interface Address {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly target: string;
}

/** Undefined for what is no address of the web. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:(https?):\/\/)?(?:[^@/?#]*@)?([^/:?#@\s]+)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/i.exec(text);
  if (!match) return undefined;
  const scheme = match[1]?.toLowerCase() === 'https' ? 'https' : 'http';
  const rest = match[4] ?? '/';
  return {
    scheme,
    host: match[2] ?? '',
    port: match[3] === undefined ? (scheme === 'https' ? 443 : 80) : Number(match[3]),
    target: rest.startsWith('/') ? rest : `/${rest}`,
  };
}

/** The Host header: the port only where it is not the usual one. */
export function hostHeader({ scheme, host, port }: Address): string {
  return port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`;
}

export const addressText = (address: Address): string => `${address.scheme}://${hostHeader(address)}${address.target}`;

/** A relative Location against the address that sent it. */
export function follow(from: Address, location: string): Address | undefined {
  if (/^https?:\/\//i.test(location)) return parseAddress(location);
  const folder = from.target.replace(/[^/]*(\?.*)?$/, '');
  return { ...from, target: location.startsWith('/') ? location : folder + location };
}

export type Failure = 'unknown host' | 'refused' | 'timeout' | 'empty' | 'tls';

export type Outcome =
  | { readonly failure: Failure; readonly ip: string | undefined }
  | {
      readonly failure: undefined;
      readonly ip: string;
      readonly response: HttpResponse;
      readonly connection: Connection;
    };

export interface Wish {
  readonly method: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The longest that connecting may take, ms. */
  readonly timeoutMs: number;
}

/** How long Linux tries to connect to an address that is silent, ms. */
export const CONNECT_MS = 127_000;

/** Where nobody answers, the container's time passes. */
export async function request(address: Address, wish: Wish, context: ProgramContext): Promise<Outcome> {
  const { network, container } = context;
  const [ip] = network.resolve(address.host);
  const connection = network.connect(address.host, address.port);
  if (typeof connection === 'string') {
    if (connection === 'timeout') await context.sleep(wish.timeoutMs);
    context.networkFailed();
    return { failure: connection, ip };
  }
  const { model } = connection;
  if (address.scheme === 'https' && model) return { failure: 'tls', ip: connection.address };
  const { method, headers, body } = wish;
  const asked: HttpRequest = { method, target: address.target, headers, body, from: container.podIP };
  const response = await exchange(connection, asked, context.now());
  if (!response) return { failure: 'empty', ip: connection.address };
  return { failure: undefined, ip: connection.address, response, connection };
}

/** Status line and headers, with the given end of line. */
export function headText({ status, reason, headers }: HttpResponse, end = '\r\n', prefix = ''): string {
  const lines = [
    `HTTP/1.1 ${status} ${reason}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return lines.map((line) => `${prefix}${line}${end}`).join('');
}

export function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

export const byteLength = (text: string): number => new TextEncoder().encode(text).length;
