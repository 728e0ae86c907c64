import type { Readable } from 'node:stream';
import { getTimeLimit, type TimeLimit } from '@aws-delivery/action-kit/host/time-limit';
import { NodeHttpHandler } from '@smithy/node-http-handler';

type Handle = NodeHttpHandler['handle'];

const isReadable = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && 'destroy' in body && 'once' in body;

/** The SDK's HTTP handler, whose requests, with the response body, end at the time limit of the run. */
export class LimitedHttpHandler extends NodeHttpHandler {
  override async handle(...[request, options = {}]: Parameters<Handle>): ReturnType<Handle> {
    const limit = getTimeLimit();
    if (limit === undefined) return super.handle(request, options);
    const timeout = limit.getRequestTimeout();
    if (timeout <= 0) throw limit.createError(`a response from ${request.hostname}`);
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeout);
    const abortSignal = combineSignals(controller.signal, options.abortSignal);
    try {
      const result = await super.handle(request, { ...options, abortSignal });
      limitBody(result.response.body, { limit, controller, timer, source: request.hostname });
      return result;
    } catch (error) {
      clearTimeout(timer);
      throw controller.signal.aborted ? limit.createError(`a response from ${request.hostname}`, error) : error;
    }
  }
}

const combineSignals = (own: AbortSignal, other: unknown): AbortSignal =>
  other instanceof AbortSignal ? AbortSignal.any([own, other]) : own;

interface BodyLimit {
  readonly limit: TimeLimit;
  readonly controller: AbortController;
  readonly timer: NodeJS.Timeout;
  readonly source: string;
}

/** Destroys a body that is not complete at the limit. */
const limitBody = (body: unknown, { limit, controller, timer, source }: BodyLimit): void => {
  if (!isReadable(body)) {
    clearTimeout(timer);
    return;
  }
  const onAbort = (): void => void body.destroy(limit.createError(`a response from ${source}`));
  controller.signal.addEventListener('abort', onAbort, { once: true });
  body.once('close', () => {
    clearTimeout(timer);
    controller.signal.removeEventListener('abort', onAbort);
  });
};
