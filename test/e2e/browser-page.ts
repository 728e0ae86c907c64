import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { BROWSER } from '../../scripts/demo/report/browser.js';

type Message = Readonly<Record<string, unknown>>;

const getRecord = (value: unknown, name: string): Message => {
  const member = isRecord(value) ? value[name] : undefined;
  return isRecord(member) ? member : {};
};

/** A page in headless Chromium, controlled through the DevTools protocol. */
export class BrowserPage {
  private readonly waiting = new Map<number, (message: Message) => void>();
  private readonly input: Writable;
  private session: string | undefined;
  private count = 0;
  private buffered = '';

  private constructor(private readonly browser: ChildProcess) {
    const [, , , input, output] = browser.stdio;
    this.input = input as Writable;
    (output as Readable).setEncoding('utf8').on('data', (text: string) => this.receive(text));
  }

  /** @param profile Chromium's profile directory */
  static async open(url: string, profile: string): Promise<BrowserPage> {
    const args = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
    ];
    const browser = spawn(BROWSER, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    const page = new BrowserPage(browser);
    const { targetId } = await page.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await page.send('Target.attachToTarget', { targetId, flatten: true });
    page.session = String(sessionId);
    await page.send('Page.navigate', { url });
    await page.evaluate(
      `new Promise((resolve) => document.readyState === 'complete' ? resolve() : addEventListener('load', resolve))`,
    );
    return page;
  }

  /**
   * Evaluates an expression in the page, which may be a promise.
   * @throws Error with the text of an exception
   */
  async evaluate(expression: string): Promise<unknown> {
    const response = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (response['exceptionDetails'] !== undefined) throw new Error(JSON.stringify(response['exceptionDetails']));
    return getRecord(response, 'result')['value'];
  }

  async close(): Promise<void> {
    const closed = once(this.browser, 'exit');
    await this.send('Browser.close', {}, undefined);
    await closed;
  }

  private send(method: string, params: object, session = this.session): Promise<Message> {
    this.count += 1;
    const id = this.count;
    const message = { id, method, params, ...(session === undefined ? {} : { sessionId: session }) };
    this.input.write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (response) => {
        if (response['error'] === undefined) resolve(getRecord(response, 'result'));
        else reject(new Error(`${method}: ${JSON.stringify(response['error'])}`));
      });
    });
  }

  private receive(text: string): void {
    const [last = '', ...messages] = `${this.buffered}${text}`.split('\0').reverse();
    this.buffered = last;
    for (const json of messages.reverse()) {
      const message: unknown = JSON.parse(json);
      if (!isRecord(message)) continue;
      this.waiting.get(Number(message['id']))?.(message);
      this.waiting.delete(Number(message['id']));
    }
  }
}
