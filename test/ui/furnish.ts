/** A server in which something has happened: workflows, executions in every state, approvals, dead letters, a session. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Stage } from './browser.ts';

const example = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), 'utf8');

const GREET = `
name: greet
description: Says hello to whoever signs up
triggers:
  - { id: signup, type: webhook, path: signups/:plan }
nodes:
  - { id: paying, type: if, config: { condition: "{{ $trigger.params.plan != 'free' }}" } }
  - { id: greet, type: transform, config: { value: { text: "Welcome, {{ $trigger.body.name }}!" } } }
  - { id: thank, type: transform, config: { value: { text: "Thank you, {{ $trigger.body.name }}!" } } }
edges:
  - paying:false -> greet
  - paying:true -> thank
`;

const REPORTS = `
name: nightly-reports
description: Makes a report for each customer, three at once
nodes:
  - id: each
    type: map
    config:
      items: "{{ ['ada', 'grace', 'edsger', 'barbara'] }}"
      limit: 3
      body:
        nodes:
          - { id: rest, type: delay, config: { for: 300ms } }
          - { id: report, type: transform, config: { set: { customer: "{{ $item }}", total: "{{ $index * 100 }}" } } }
        edges:
          - rest -> report
  - { id: sum, type: transform, config: { value: "{{ $json.length }}" } }
edges:
  - each -> sum
`;

const CHARGE = `
name: charge-card
description: Charges a card; the bank is down
settings: { retry: { attempts: 2, delay: 50ms } }
nodes:
  - { id: check, type: transform, config: { set: { amount: "{{ $trigger.amount }}" } } }
  - { id: charge, type: http, config: { method: PUT, url: "http://127.0.0.1:9/charges", body: { amount: "{{ $json.amount }}" } } }
edges:
  - check -> charge
`;

const REFUND = `
name: refund
description: Asks a person before money goes back
nodes:
  - id: ask
    type: approval
    config:
      title: "Refund {{ $trigger.amount }} to {{ $trigger.customer }}?"
      assignees: [finance@example.com]
      timeout: 24h
      form:
        type: object
        required: [reason]
        properties:
          reason: { type: string, description: Why it is paid back }
          amount: { type: number, description: If it is another amount }
  - { id: pay, type: transform, config: { value: { paid: "{{ $trigger.amount }}" } } }
edges:
  - ask:approved -> pay
`;

/** A conversation with the assistant. */
const SAID = ['Hello', 'My name is Ada', 'What time is it in Tokyo?'];

/** Messages for the desks of the router. */
async function happen(stage: Stage): Promise<void> {
  const events = [
    { type: 'customer.support.request', data: { customer: 'ada', text: 'Where is my parcel?' } },
    { type: 'sales.inquiry', data: { customer: 'grace', text: 'Forty lamps, please' } },
    { type: 'payment.received', data: { customer: 'edsger', amount: 12_500 } },
  ];
  for (const event of events) {
    const { status } = await stage.program.call('POST', '/api/events', event);
    if (status !== 202) throw new Error(`${event.type} was not taken: ${status}`);
  }
}

async function budget(stage: Stage, body: object): Promise<void> {
  const { status } = await stage.program.call('PUT', '/api/budgets', body);
  if (status !== 200) throw new Error(`The budget was not set: ${status}`);
}

/** Pages with something on them, by name. */
export async function furnish(stage: Stage) {
  const [greet, reports, charge, refund] = [
    await stage.deploy(GREET),
    await stage.deploy(REPORTS),
    await stage.deploy(CHARGE),
    await stage.deploy(REFUND),
  ];
  for (const name of ['incident-triage', 'daily-report', 'event-router']) await stage.deploy(example(`${name}.yaml`));
  const assistant = await stage.deploy(example('assistant.yaml'));
  for (const name of ['Ada', 'Grace', 'Edsger']) await stage.run(greet, { params: { plan: 'free' }, body: { name } });
  await stage.program.call('PUT', '/api/event-schemas/parcel.sent', {
    policy: 'reject',
    schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, weight: { type: 'number' } } },
  });
  await happen(stage);
  await budget(stage, { scope: 'project', per: 'day', limit: 5 });
  await budget(stage, { scope: 'user', key: 'ada', limit: 0.5 });
  const done = await stage.run(reports);
  const failed = await Promise.all([12, 40, 7].map((amount) => stage.run(charge, { amount })));
  await stage.run(refund, { amount: 120, customer: 'Ada' });
  await stage.run(refund, { amount: 15, customer: 'Grace' });
  const log = { body: { service: 'orders', log: 'out of memory' } };
  const { body: triage } = await stage.program.call('POST', '/api/workflows/incident-triage/execute', { input: log });
  await stage.until(done, 'completed');
  for (const one of failed) await stage.until(one, 'failed');
  await stage.until(triage.executionId, 'waiting');
  for (const message of SAID) {
    const turn = await stage.run(assistant, { message, session: 'ada', user: 'ada' });
    await stage.until(turn, 'completed');
  }
  return {
    overview: '/',
    workflows: '/workflows',
    editor: `/workflows/${reports}`,
    versions: `/workflows/${reports}/versions`,
    executions: '/executions',
    execution: `/executions/${done}`,
    'execution-failed': `/executions/${failed[0]}`,
    'execution-timeline': `/executions/${done}?view=timeline`,
    approvals: '/approvals',
    'dead-letters': '/dead-letters',
    sessions: '/sessions',
    session: '/sessions/ada',
    triggers: '/triggers',
    messages: '/messages',
    listeners: '/messages?view=listeners',
    schemas: '/messages?view=schemas&schema=parcel.sent',
    money: '/money',
    templates: '/templates',
    settings: '/settings',
  };
}

/** What the pages of `furnish` have behind tabs, filters and rows, by name. */
export async function corners(stage: Stage, places: Readonly<Record<string, string>>) {
  const items = async (path: string) => (await stage.program.call('GET', path)).body.items;
  const spoken = { type: 'user.message.received', data: { messageId: 'm1', content: 'Where is my parcel?' } };
  await stage.program.call('POST', '/api/sessions', { key: 'ada-1', agent: 'support', userId: 'ada' });
  await stage.program.call('POST', '/api/sessions/ada-1/events', { expectedSeq: 1, events: [spoken] });
  await stage.program.call('PUT', '/api/prompts/greeting', { text: 'Be kind to {{ $trigger.name }}.' });
  await stage.program.call('PUT', '/api/budgets', { scope: 'project', per: 'day', limit: 10 });
  const [trigger] = await items('/api/triggers');
  const [letter] = await items('/api/dead-letters');
  const tabs = (page: string, path: string, views: readonly string[], mark = '?') =>
    views.map((view) => [`${page} ${view}`, `${path}${mark}view=${view}`]);
  const { execution = '', editor = '', versions = '' } = places;
  return Object.fromEntries([
    ...tabs('settings', '/settings', ['models', 'tools', 'prompts', 'circuits', 'flow', 'retention', 'keys', 'access']),
    ...tabs('messages', '/messages', ['listeners', 'replays', 'sent']),
    ...tabs('dead letters', '/dead-letters', ['list', 'rules']),
    ...tabs('sessions', '/sessions', ['agents']),
    ...tabs('execution', execution, ['events', 'values']),
    ...tabs('editor', editor, ['yaml', 'typescript']),
    ['editor of a node', `${editor}?node=sum`],
    ['versions as YAML', `${versions}?view=yaml`],
    ['new workflow', '/workflows/new'],
    ['node of an execution', `${execution}?node=sum`],
    ['dead letter', `/dead-letters/${letter.id}`],
    ['session', '/sessions/ada-1'],
    ['trigger', `/triggers?id=${encodeURIComponent(trigger.id)}`],
    ['template', '/templates?name=incident-triage'],
    ['all approvals', '/approvals?whose=all&status=all'],
    ['approvals that are decided', '/approvals?status=decided'],
    ['messages that do not fit', '/messages?type=none.such'],
    ['executions that do not fit', '/executions?workflow=none'],
  ]) as Record<string, string>;
}
