/**
 * Approvals as elicitations: the client asks its person in place of our inbox. Accepting approves, declining rejects,
 * and a dialog that is dismissed decides nothing. A form goes with it where the protocol can show it, which knows flat
 * ones; the answer is checked against the whole form in any case.
 */
import { type ElicitRequestFormParams, isSpecType, specTypeSchemas } from '@modelcontextprotocol/server';
import { MyelinError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { WaitRow } from '../../ports/waits.ts';
import type { ApiDeps } from '../deps.ts';
import { detailsOf } from '../people/approval-view.ts';
import { checkAsked, decide, findApproval } from '../people/decide.ts';

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;
type Form = ElicitRequestFormParams['requestedSchema'];

/** Characters of data that are shown. */
const MOST_SHOWN = 4_000;

const COMMENT: Form = {
  type: 'object',
  properties: {
    comment: { type: 'string', title: 'Comment', description: 'Kept with the decision', maxLength: 10_000 },
  },
};

/** Whether a client of these capabilities can show a form; one that names no mode means this one. */
export function canElicit(capabilities: unknown): boolean {
  const elicitation = isObject(capabilities) ? capabilities.elicitation : undefined;
  return isObject(elicitation) && (isObject(elicitation.form) || !isObject(elicitation.url));
}

/** Approvals that ask anybody, or him who has the key of this name. */
export function asksOf(row: WaitRow, by: string): boolean {
  return detailsOf(row).assignees?.includes(by) ?? true;
}

/** `fault`: why the answer before was not taken. */
export function elicitationOf(row: WaitRow, fault?: string): ElicitRequestFormParams {
  const { title, description, data, form } = detailsOf(row);
  const shown = data === undefined || data === null ? '' : JSON.stringify(data, null, 2);
  const parts = [
    ...(fault === undefined ? [] : [`That was not taken: ${fault}`]),
    ...[title, description ?? '', shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown],
    'Accept approves it, decline rejects it.',
  ];
  const message = parts.filter((part) => part !== '').join('\n\n');
  return { mode: 'form', message, requestedSchema: flatForm(form, data) ?? COMMENT };
}

/** With the data that is shown as defaults; undefined for a form that is not flat. */
function flatForm(form: unknown, shown: unknown): Form | undefined {
  if (!isObject(form) || !isObject(form.properties)) return undefined;
  const properties: Form['properties'] = {};
  for (const [name, schema] of Object.entries(form.properties)) {
    const value = isObject(shown) ? shown[name] : undefined;
    const fields = { ...(isObject(schema) && schema), ...(isPrimitive(value) && { default: value }) };
    const property = propertyOf(fields) ?? propertyOf(schema);
    if (property === undefined) return undefined;
    properties[name] = property;
  }
  const required = Array.isArray(form.required) ? form.required.map(String) : [];
  if (required.some((name) => properties[name] === undefined)) return undefined;
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

/** What of a schema the protocol knows; undefined where that is no field of a form. */
function propertyOf(schema: unknown): Form['properties'][string] | undefined {
  const checked = specTypeSchemas.PrimitiveSchemaDefinition['~standard'].validate(schema);
  return checked.issues === undefined ? checked.value : undefined;
}

const isPrimitive = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** `taken`: it is decided, by this answer or by who was quicker; `dismissed`: it is open as before. */
export type Answered = 'taken' | 'dismissed' | { readonly fault: string };

/** What a client answers to an elicitation, in the name of its key. Throws `approval_not_found`, `not_asked`. */
export async function answerApproval(deps: Deps, row: WaitRow, answer: unknown, by: string): Promise<Answered> {
  if (!isSpecType.ElicitResult(answer)) return { fault: 'an answer has an action: accept, decline or cancel' };
  const { action } = answer;
  const content = isObject(answer.content) ? answer.content : {};
  if (action === 'cancel') return 'dismissed';
  checkAsked(row, { by });
  const decision = action === 'accept' ? 'approved' : 'rejected';
  try {
    await decide(deps, row, { decision, by, via: 'mcp', ...(action === 'accept' && filledIn(row, content)) });
    return 'taken';
  } catch (error) {
    if (!(error instanceof MyelinError)) throw error;
    if (error.code === 'already_decided' || error.code === 'illegal_transition') return 'taken';
    if (error.code === 'invalid_request') return { fault: error.message };
    throw error;
  }
}

function filledIn(row: WaitRow, content: JsonObject): { data?: unknown; comment?: string } {
  const { form, data } = detailsOf(row);
  if (flatForm(form, data) !== undefined) return { data: content };
  const { comment } = content;
  return typeof comment === 'string' && comment !== '' ? { comment: comment.slice(0, 10_000) } : {};
}

/** An approval of this execution; throws `approval_not_found`. */
export async function approvalOf(deps: Deps, projectId: string, executionId: string, id: string): Promise<WaitRow> {
  const row = await findApproval(deps, projectId, id);
  if (row.executionId !== executionId) throw new MyelinError('approval_not_found', `It does not ask for ${id}.`);
  return row;
}
