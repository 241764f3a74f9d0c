/**
 * The rule of budgets: what is spent and what is reserved never pass a limit by a call that is let through. Amounts
 * are whole nanos (core/money). Balances are by the name of their account; the functions change the map in place.
 */

export interface Balance {
  /** Of a call tree, what people granted besides is in it. */
  readonly limit: number;
  readonly spent: number;
  readonly reserved: number;
}

/** Of the account that has no room. */
export interface Lack extends Balance {
  readonly account: string;
}

/**
 * Reserves the amount at every account, or at none: then it answers the first that lacks room. What costs nothing is
 * never refused. An account without a balance has no limit. `raised`: what this call may take besides, by account.
 */
export function reserve(
  balances: Map<string, Balance>,
  accounts: readonly string[],
  amount: number,
  raised: ReadonlyMap<string, number> = new Map(),
): Lack | undefined {
  for (const account of accounts) {
    const balance = balances.get(account);
    if (balance === undefined) continue;
    const limit = balance.limit + (raised.get(account) ?? 0);
    if (!hasRoom({ ...balance, limit }, amount)) return { account, ...balance, limit };
  }
  for (const account of accounts) move(balances, account, amount, 0);
  return undefined;
}

const hasRoom = ({ limit, spent, reserved }: Balance, amount: number): boolean =>
  amount === 0 || spent + reserved + amount <= limit;

/** Of a call that was reserved: the estimate is released, what it did cost is spent. */
export function settle(
  balances: Map<string, Balance>,
  accounts: readonly string[],
  { estimate, cost }: { readonly estimate: number; readonly cost: number },
): void {
  for (const account of accounts) move(balances, account, -estimate, cost);
}

function move(balances: Map<string, Balance>, account: string, reserved: number, spent: number): void {
  const balance = balances.get(account);
  if (balance === undefined) return;
  balances.set(account, {
    limit: balance.limit,
    spent: balance.spent + spent,
    reserved: Math.max(0, balance.reserved + reserved),
  });
}
