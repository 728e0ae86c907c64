import type { SignalSource } from '../src/job/signal-forwarder.js';

type Listener = () => void;

/** Signals that a test sends. */
export class FakeSignals implements SignalSource {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(signal: string, listener: Listener): void {
    this.#listeners.set(signal, (this.#listeners.get(signal) ?? new Set()).add(listener));
  }

  off(signal: string, listener: Listener): void {
    this.#listeners.get(signal)?.delete(listener);
  }

  send(signal: string): void {
    for (const listener of [...(this.#listeners.get(signal) ?? [])]) listener();
  }

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
