import type { Clock } from '@aws-delivery/action-kit/clock';
import { durationText } from '@aws-delivery/action-kit/clock';
import type { Log } from '@aws-delivery/action-kit/log';
import { holdLines } from './hold-text.js';
import { type Conclusion, conclude, type Look } from './look.js';
import { holdsText, troublesText } from './verdict.js';
import type { Memory, Patience } from './watch.js';

const MOST_SHOWN = 10;

const leftOutText = ({ leftOut }: Look): string => {
  const reasons = Object.entries(leftOut).map(([because, count]) => `${count} by ${because}`);
  return reasons.length === 0 ? '' : `, left out ${reasons.join(', ')}`;
};

/** What makes a look news: another state, other holds, or an update of one. */
const newsOf = (look: Look): string => {
  const holds = look.holds.map((hold) =>
    hold.kind === 'event' ? `${hold.event.arn} ${hold.event.updatedAt}` : hold.name,
  );
  return JSON.stringify([
    conclude(look).kind,
    look.source,
    holds,
    look.troubles.map(({ asked, leniency }) => [asked, leniency]),
  ]);
};

/** Tells in the log what is seen: all of it when it is news, and what is awaited. */
export class Narrator {
  private told = '';
  private remarks = new Set<string>();
  private clearTold = false;

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
    private readonly patience: Patience,
  ) {}

  /** Tells a look where it is news; returns whether it was. */
  tell(look: Look, memory: Memory): boolean {
    const news = newsOf(look);
    const isNews = news !== this.told;
    this.told = news;
    if (isNews) this.print(look);
    this.tellClear(memory);
    return isNews;
  }

  private print(look: Look): void {
    const conclusion = conclude(look);
    this.log.info(`${this.headline(conclusion)}${leftOutText(look)}`);
    for (const hold of look.holds.slice(0, MOST_SHOWN))
      for (const line of holdLines(hold, look.at)) this.log.info(line);
    if (look.holds.length > MOST_SHOWN) this.log.info(`  and ${look.holds.length - MOST_SHOWN} more`);
    for (const remark of look.remarks.filter((text) => !this.remarks.has(text))) {
      this.remarks.add(remark);
      this.log.warning(remark);
    }
  }

  private headline(conclusion: Conclusion): string {
    switch (conclusion.kind) {
      case 'clear':
        return 'Nothing counts against deploying';
      case 'held':
        return `Held by ${holdsText(conclusion.holds)}`;
      case 'unanswered':
        return `No complete answer from ${troublesText(conclusion.troubles)}${conclusion.passing ? '; asking again' : ''}`;
      case 'waived':
        return `No complete answer from ${troublesText(conclusion.troubles)}; the policy is to ${conclusion.leniency}`;
    }
  }

  private tellClear({ heldBy, clearSince }: Memory): void {
    const waiting = heldBy !== undefined && clearSince !== undefined;
    if (waiting && !this.clearTold) {
      const rest = this.patience.stableFor - (this.clock.now() - clearSince);
      if (rest > 0) this.log.info(`Going on if nothing counts for another ${durationText(rest)}`);
    }
    this.clearTold = waiting;
  }
}
