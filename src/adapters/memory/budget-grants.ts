/** What people have let calls take besides the limits of budgets; each id counts once at an account. */
import { accountName, type RuledAccount } from '../../core/budget/accounts.ts';
import type { Grant } from '../../ports/ledger.ts';

interface GrantedAccount {
  readonly projectId: string;
  readonly name: string;
  /** Of a daily budget; empty: ever. */
  readonly day: string;
  readonly currency: string;
}

export interface BudgetGrants {
  /** All that the account was granted, with these. */
  add(account: GrantedAccount, grants?: readonly Grant[]): number;
  drop(is: (account: GrantedAccount) => boolean): void;
}

export function accountOf(
  projectId: string,
  { scope, key, day, currency }: Omit<RuledAccount, 'limit'>,
): GrantedAccount {
  return { projectId, name: accountName({ scope, key, day: '' }), day, currency };
}

export function budgetGrants(): BudgetGrants {
  const known = new Map<string, { readonly account: GrantedAccount; readonly amounts: Map<string, number> }>();
  return {
    add(account, grants = []) {
      const { projectId, name, day, currency } = account;
      const place = JSON.stringify([projectId, name, day, currency]);
      const amounts = known.get(place)?.amounts ?? new Map<string, number>();
      for (const { id, amount } of grants) if (!amounts.has(id)) amounts.set(id, amount);
      if (amounts.size > 0) known.set(place, { account, amounts });
      return [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
    },
    drop(is) {
      for (const [place, { account }] of known) if (is(account)) known.delete(place);
    },
  };
}
