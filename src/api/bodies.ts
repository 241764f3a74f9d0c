/** One parser for each content type that the API takes (rule R3), and each refuses unsafe keys and deep nesting. */
import type { FastifyInstance } from 'fastify';
import { parseDocument } from 'yaml';
import { MyelinError } from '../core/errors.ts';
import { assertSafe, parseJson } from '../core/safe-json.ts';
import { yamlFault } from '../core/yaml-fault.ts';

export const YAML_TYPES = ['application/yaml', 'text/yaml', 'application/x-yaml'];

/** No body at all is undefined. */
export function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_: unknown, text: string) =>
    text.trim() === '' ? undefined : parseJson(text),
  );
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, async (_: unknown, text: string) =>
    text.trim() === '' ? undefined : parseYaml(text),
  );
}

/** One YAML 1.2 document as a value, without aliases. Throws `invalid_yaml`, `unsafe_key` or `too_deep`. */
function parseYaml(text: string): unknown {
  const value = read(text);
  assertSafe(value);
  return value;
}

function read(text: string): unknown {
  try {
    const document = parseDocument(text, { version: '1.2', schema: 'core', prettyErrors: true, logLevel: 'error' });
    const [fault] = document.errors;
    if (fault !== undefined) {
      const { line, col } = fault.linePos?.[0] ?? { line: 1, col: 1 };
      throw new MyelinError(
        'invalid_yaml',
        `The YAML cannot be read at line ${line}, column ${col}: ${yamlFault(fault.code)}.`,
      );
    }
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof MyelinError) throw error;
    if (error instanceof RangeError) throw new MyelinError('too_deep');
    throw new MyelinError('invalid_yaml', 'The YAML has an alias or an anchor that cannot be followed; write it out.');
  }
}
