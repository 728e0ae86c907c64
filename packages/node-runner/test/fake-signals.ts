import type { SignalSource } from '../src/job/signal-forwarder.js';

type Listener = () => void;

/** A source of signals that tests send. */
export class FakeSignals implements SignalSource {
  private readonly listenersBySignal = new Map<string, Set<Listener>>();

  on(signal: string, listener: Listener): void {
    this.listenersBySignal.set(signal, (this.listenersBySignal.get(signal) ?? new Set()).add(listener));
  }

  off(signal: string, listener: Listener): void {
    this.listenersBySignal.get(signal)?.delete(listener);
  }

  send(signal: string): void {
    for (const listener of [...(this.listenersBySignal.get(signal) ?? [])]) listener();
  }

  get listeners(): number {
    return [...this.listenersBySignal.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
