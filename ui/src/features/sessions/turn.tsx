/** One turn of a conversation. */

import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { Bot, Brain, Sparkles, UserRound, UserRoundPen, Wrench } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Part } from '../../../../src/core/conversation.ts';
import { NANOS } from '../../../../src/core/money.ts';
import { personOf } from '../../../../src/core/session/events.ts';
import { blobIn } from '../../components/blob-in.ts';
import { BlobView } from '../../components/blob-view.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { count, money } from '../../components/money.ts';
import { span } from '../../components/spans.ts';
import { Badge } from '../../components/status.tsx';
import { exact } from '../../components/time.tsx';
import type { ModelCall, ToolCall, Turn } from './conversation.ts';

export function TurnView({
  turn,
  isChosen,
  choose,
}: {
  readonly turn: Turn;
  readonly isChosen: boolean;
  readonly choose: () => void;
}) {
  return (
    <div
      aria-current={isChosen ? 'location' : undefined}
      className={clsx('group rounded-lg px-3 py-2', isChosen && 'bg-accent-soft')}
    >
      <Body turn={turn} />
      <p className="mt-1 flex gap-3 text-2xs text-faint">
        <time dateTime={turn.at}>{exact(turn.at)}</time>
        <button type="button" className="hover:text-text hover:underline" onClick={choose}>
          state after this (#{turn.seq})
        </button>
        {turn.executionId && (
          <Link to="/executions/$id" params={{ id: turn.executionId }} className="hover:text-text hover:underline">
            execution
          </Link>
        )}
      </p>
    </div>
  );
}

function Body({ turn }: { readonly turn: Turn }) {
  if (turn.kind === 'user') {
    return (
      <Said icon={<UserRound size={14} />} who="User" mark={turn.untrusted && <Badge tone="warn">untrusted</Badge>}>
        <Content content={turn.content} />
      </Said>
    );
  }
  if (turn.kind === 'agent') {
    const { by } = turn;
    const person = by === null ? undefined : personOf(by);
    const mark = by !== null && (
      <span title={`By the key ${by.key}`}>
        <Badge tone={person === undefined ? 'neutral' : 'info'}>
          {person === undefined ? `by the key ${by.key}` : 'a person, in place of the agent'}
        </Badge>
      </span>
    );
    return (
      <Said
        icon={person === undefined ? <Bot size={14} /> : <UserRoundPen size={14} />}
        who={person ?? 'Agent'}
        mark={mark}
      >
        <Content content={turn.content} />
      </Said>
    );
  }
  if (turn.kind === 'thought')
    return (
      <Said icon={<Brain size={14} />} who="Thought">
        <span className="text-muted italic">{turn.text}</span>
      </Said>
    );
  if (turn.kind === 'model') return <Model call={turn} />;
  if (turn.kind === 'tool') return <Tool call={turn} />;
  return <p className="break-words text-faint text-xs">{turn.text}</p>;
}

interface SaidProps {
  readonly icon: ReactNode;
  readonly who: string;
  readonly mark?: ReactNode;
  readonly children: ReactNode;
}

const Said = ({ icon, who, mark, children }: SaidProps) => (
  <div className="flex gap-2.5">
    <span className="flex size-6 shrink-0 items-center justify-center rounded-md bg-hover text-muted">{icon}</span>
    <div className="min-w-0 flex-1">
      <p className="flex items-center gap-2 font-medium text-xs">
        {who} {mark}
      </p>
      <div className="break-words">{children}</div>
    </div>
  </div>
);

/** Text, or parts of text, images, audio and files. */
function Content({ content }: { readonly content: unknown }) {
  if (typeof content === 'string') return <p className="whitespace-pre-wrap">{content}</p>;
  if (!Array.isArray(content)) return <JsonView value={content} />;
  // Of an event, which never changes: the same picture may be attached twice.
  return (content as readonly Part[]).map((part, index) => <PartView key={index} part={part} />);
}

function PartView({ part }: { readonly part: Part }) {
  if (part.type === 'text') return <p className="whitespace-pre-wrap">{part.text}</p>;
  const blob = blobIn(part);
  return blob ? <BlobView blob={blob} /> : <JsonView value={part} />;
}

function Model({ call: { model, answer } }: { readonly call: ModelCall }) {
  const tokens = answer?.usage && `${count(answer.usage.inputTokens)} in, ${count(answer.usage.outputTokens)} out`;
  const cost = answer?.cost === undefined ? undefined : money(answer.cost / NANOS, answer.currency ?? 'USD');
  return (
    <Call
      icon={<Sparkles size={14} />}
      name={model}
      facts={[answer === null ? 'on its way' : span(answer.latencyMs), tokens, cost]}
      failed={answer?.error !== undefined}
    >
      {answer?.error && <p className="text-bad">{answer.error.message}</p>}
      {answer && <JsonView value={answer} depth={1} />}
    </Call>
  );
}

function Tool({ call: { tool, input, requested, approvedBy, answer } }: { readonly call: ToolCall }) {
  return (
    <Call
      icon={<Wrench size={14} />}
      name={tool}
      facts={[answer === null ? 'on its way' : span(answer.durationMs)]}
      failed={answer?.success === false}
    >
      <p className="text-faint text-xs">
        Arguments{approvedBy !== undefined && `, ${requested === undefined ? 'approved' : 'changed'} by ${approvedBy}`}
      </p>
      <JsonView value={input} />
      {requested !== undefined && (
        <>
          <p className="text-faint text-xs">What the model wanted</p>
          <JsonView value={requested} />
        </>
      )}
      {answer?.success && (
        <>
          <p className="text-faint text-xs">Result, which is not to be trusted</p>
          <JsonView value={answer.output} />
        </>
      )}
      {answer?.error && <p className="text-bad">{answer.error.message}</p>}
    </Call>
  );
}

interface CallProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly facts: readonly (string | undefined)[];
  readonly failed: boolean;
  readonly children: ReactNode;
}

/** Closed at first: most who read want what was said. */
function Call({ icon, name, facts, failed, children }: CallProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className="rounded-md border border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-2 px-2 py-1 text-left text-xs"
      >
        <span className={failed ? 'text-bad' : 'text-muted'}>{icon}</span>
        <span className="truncate font-medium">{name}</span>
        <span className="ml-auto whitespace-nowrap text-faint tabular-nums">
          {facts.filter((one) => one !== undefined).join(' · ')}
        </span>
      </button>
      {open && <div className="flex flex-col gap-1 border-line border-t p-2">{children}</div>}
    </div>
  );
}
