/** A broker for one test alone, which stops, kills and starts it as it likes; with data, ports and folder of its own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment } from '../config/environment.ts';
import { type BrokerName, brokerOf } from './broker-addresses.ts';

export interface OwnBroker {
  /** As of `brokerOf`; the same for as long as the broker is not disposed of. */
  readonly address: string;
  /** Resolves when it answers again, with the data it had. */
  start(): Promise<void>;
  /** As its operator stops it; what it holds stays on disk. */
  stop(): Promise<void>;
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>;
  /** Stops it and removes what it held. */
  dispose(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('../../scripts/services.sh', import.meta.url));
/** Ports stay below those that the system gives to whoever asks for any. */
const SHIFTS = { from: 100, to: 7_000 };
const TRIES = 5;

/** Takes about as long as the broker needs to start: Kafka and RabbitMQ seconds, the others none. */
export async function ownBroker(name: BrokerName): Promise<OwnBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-broker-'));
  for (let attempt = 1; ; attempt += 1) {
    const shift = SHIFTS.from + 10 * Math.floor((Math.random() * (SHIFTS.to - SHIFTS.from)) / 10);
    const env = { ...environment(), MYELIN_SERVICES: folder, MYELIN_SERVICES_SHIFT: String(shift) };
    const perform = async (action: string): Promise<void> => {
      await promisify(execFile)(SCRIPT, [action, name], { env });
    };
    try {
      await perform('start');
    } catch (error) {
      if (attempt < TRIES && `${error}`.includes('is taken by another program')) continue;
      await perform('stop');
      rmSync(folder, { recursive: true });
      throw error;
    }
    return {
      address: brokerOf(name, { MYELIN_SERVICES: folder })!,
      start: () => perform('start'),
      stop: () => perform('stop'),
      kill: () => perform('kill'),
      dispose: async () => {
        await perform('stop');
        rmSync(folder, { recursive: true });
      },
    };
  }
}
