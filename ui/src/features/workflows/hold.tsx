/** Pausing and activating a workflow, by itself or with the executions that it has going. */
import { Pause, Zap } from 'lucide-react';
import { useAction } from '../../api/query.ts';
import type { MenuItem } from '../../components/menu.tsx';
import { toast } from '../../components/toast.tsx';

export function useHold(id: string) {
  const activate = useAction('activateWorkflow', {
    done: ({ name }, { body }) =>
      toast({
        tone: 'ok',
        title: `${name} is active: its triggers start executions${body?.executions ? ', and what was held goes on' : ''}`,
      }),
  });
  const pause = useAction('pauseWorkflow', {
    done: ({ name }, { body }) =>
      toast({
        tone: 'ok',
        title: `${name} is paused: nothing starts it${body?.executions ? ', and what was running is held' : ''}`,
      }),
  });
  const request = (executions: boolean) => ({ params: { id }, body: executions ? { executions } : {} });
  return {
    busy: activate.isPending || pause.isPending,
    activate: (executions = false) => activate.mutate(request(executions)),
    pause: (executions = false) => pause.mutate(request(executions)),
  };
}

/** What the button for the workflow alone does not do. A draft has no executions to hold. */
export function holdItems(status: string, { activate, pause }: ReturnType<typeof useHold>): MenuItem[] {
  if (status === 'active') {
    return [
      {
        label: 'Pause, and hold its executions',
        icon: <Pause size={14} />,
        operation: 'pauseWorkflow',
        run: () => pause(true),
      },
    ];
  }
  if (status !== 'paused') return [];
  return [
    {
      label: 'Activate, and let its executions go on',
      icon: <Zap size={14} />,
      operation: 'activateWorkflow',
      run: () => activate(true),
    },
  ];
}
