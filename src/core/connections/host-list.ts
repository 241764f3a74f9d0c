/** Servers of a cluster as one text: `host:port,host:port`; IPv6 in brackets, a port that is left out is the usual one. */
import { z } from 'zod';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const ENTRY = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@,[\]]{1,253}))(?::(\d{1,5}))?$/;

/** Of a text that `hostList` has taken. */
export function hostsOf(text: string, usual: number): HostPort[] {
  return text.split(',').map((entry) => hostOf(entry.trim(), usual) as HostPort);
}

function hostOf(entry: string, usual: number): HostPort | undefined {
  const [, six, name, port = String(usual)] = ENTRY.exec(entry) ?? [];
  const host = six ?? name;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host, port: Number(port) };
}

export const hostList = (usual: number) =>
  z
    .string()
    .max(2_000)
    .refine((text) => text.split(',').every((entry) => hostOf(entry.trim(), usual) !== undefined), {
      error: `takes hosts with commas between, such as a.example.com:${usual},b.example.com:${usual}`,
    });
