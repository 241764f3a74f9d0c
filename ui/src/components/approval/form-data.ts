/** What a form begins with, and what is sent of it. */

import type { Approval } from '../../../../src/contract/approvals.ts';
import { isObject } from '../../../../src/core/json.ts';
import type { JsonSchema } from '../schema-form.tsx';

/** null: there is nothing to fill in. `true`, which takes anything, is a schema without words. */
export function formOf({ form }: Pick<Approval, 'form'>): JsonSchema | null {
  if (form === null || form === undefined) return null;
  return isObject(form) ? (form as JsonSchema) : {};
}

/** Of an agent that asks for itself: the arguments of a tool, or more budget. */
export const isCall = (path: string): boolean => /\]\/approve$/.test(path);

/**
 * Of what is shown, the fields that the form names, and its defaults. The arguments of a tool are taken whole: none that
 * the model gave may be lost because its schema does not name it.
 */
export function initialOf({ data, path, ...rest }: Pick<Approval, 'form' | 'data' | 'path'>): unknown {
  const form = formOf(rest);
  if (form === null) return undefined;
  const { properties } = form;
  if (properties === undefined || (isCall(path) && isObject(data))) return fitsType(form, data) ? data : form.default;
  const shown = isObject(data) ? data : {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, one]) => {
      const value = Object.hasOwn(shown, name) ? shown[name] : one.default;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function fitsType({ type }: JsonSchema, value: unknown): boolean {
  const name = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (type === undefined) return value !== undefined;
  return [type].flat().some((one) => one === name || (one === 'integer' && name === 'number'));
}

/** Shown beside the form: all of it where there is no form, else what the form does not show itself. */
export function besideForm({ data, path, ...rest }: Pick<Approval, 'form' | 'data' | 'path'>): unknown {
  const form = formOf(rest);
  if (form === null || !isObject(data)) return form === null || !fitsType(form, data) ? data : undefined;
  if (form.properties === undefined || isCall(path)) return undefined;
  const names = new Set(Object.keys(form.properties));
  const others = Object.entries(data).filter(([name]) => !names.has(name));
  return others.length === 0 ? undefined : Object.fromEntries(others);
}

/** By the path that the form gives each control; loaded when it is needed, since patterns need a machine of their own. */
export async function faultsOf(form: unknown, value: unknown): Promise<ReadonlyMap<string, string>> {
  const { fitFaults } = await import('../../../../src/core/json-schema/fit.ts');
  const faults = new Map<string, string>();
  for (const { path, message } of fitFaults(form, value)) if (!faults.has(path)) faults.set(path, message);
  return faults;
}
