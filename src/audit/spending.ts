// Owns what a read may still spend: requests.

/** Ends a call in place of an attempt that the budget does not allow. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

export interface Spending {
  /** Attempts so far, repeats included. */
  requests(): number;
  /** Whether one more call can be begun, with those that were begun and not sent yet. */
  allowsCall(): boolean;
  /** Begins a call; it stands for one attempt until it is made. */
  beginCall(): SpendingCall;
}

export interface SpendingCall {
  /** To be called before every attempt. Throws BudgetSpent. */
  attempt(): void;
  end(): void;
}

export function createSpending(maxRequests = Number.POSITIVE_INFINITY): Spending {
  let spent = 0;
  let begun = 0;
  return {
    requests: () => spent,
    allowsCall: () => spent + begun < maxRequests,
    beginCall() {
      let isOpen = true;
      begun += 1;
      const close = () => {
        if (isOpen) begun -= 1;
        isOpen = false;
      };
      return {
        attempt() {
          close();
          if (spent + begun >= maxRequests) throw new BudgetSpent('The request budget of this read is spent');
          spent += 1;
        },
        end: close,
      };
    },
  };
}
