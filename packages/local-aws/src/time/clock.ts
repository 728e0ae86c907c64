/** The server's source of time. Times are in milliseconds since the epoch. */
export interface Clock {
  /** Server time, which governs resources, sessions and tokens. */
  now(): number;
  /** The machine's time, which clients sign with; independent of server time. */
  wall(): number;
}

export interface ServerClock extends Clock {
  /** Moves server time forward by `ms`; a negative value throws RangeError. */
  advance(ms: number): void;
}

export interface ClockOptions {
  /** Server time at the start; default: the machine's time. */
  readonly start?: number | undefined;
  /**
   * Server time per real time: 1 is real time, 60 turns a second into a minute, with 0 only `advance` moves the clock.
   */
  readonly scale?: number | undefined;
  /** The machine's time; tests replace it. */
  readonly wall?: (() => number) | undefined;
}

/** Creates a clock that runs at `scale` times real time and can be advanced. Throws RangeError for a negative scale. */
export const createClock = ({ start, scale = 1, wall = Date.now }: ClockOptions = {}): ServerClock => {
  if (!(scale >= 0)) throw new RangeError(`clock scale ${scale} must not be negative: use 0 or more`);
  const origin = wall();
  const startTime = start ?? origin;
  let advancedMs = 0;
  return {
    wall,
    now: () => Math.floor(startTime + (wall() - origin) * scale + advancedMs),
    advance: (ms) => {
      if (!(ms >= 0)) throw new RangeError(`cannot advance by ${ms} ms: time only moves forward`);
      advancedMs += ms;
    },
  };
};
