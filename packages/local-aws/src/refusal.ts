import type { ApiError, Call, Handle, Reply } from './call.js';

/** A call that a service refuses: thrown where that is found, answered by the service's one catch. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(readonly error: ApiError) {
    super(`${error.code}: ${error.message}`);
  }
}

/** A handle whose refusals are its answers. */
export const refusable =
  (answer: (call: Call) => Reply | Promise<Reply>): Handle =>
  async (call) => {
    try {
      return await answer(call);
    } catch (thrown) {
      if (thrown instanceof Refusal) return { kind: 'error', error: thrown.error };
      throw thrown;
    }
  };
