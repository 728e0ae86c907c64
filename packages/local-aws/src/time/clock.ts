/** Where the server reads its time. Times are milliseconds since the epoch. */
export interface Clock {
  /** The server's time: what resources, sessions and tokens live by. */
  now(): number;
  /** The time of the machine: what clients sign with, whatever the server's clock does. */
  wall(): number;
}

/** A clock that tests and the control endpoint can move forward. */
export interface ServerClock extends Clock {
  /** Moves the server's time forward by `ms`; never backward. */
  advance(ms: number): void;
}

export interface ClockOptions {
  /** Server time at the start; the machine's time where left out. */
  readonly start?: number | undefined;
  /** Server milliseconds for each real one: 1 is real time, 60 makes a minute of a second, 0 moves by `advance` alone. */
  readonly scale?: number | undefined;
  /** The machine's time; replaced in tests. */
  readonly wall?: (() => number) | undefined;
}

/** A clock that runs at `scale` times real time and can be advanced besides. `scale: 0` is the stepped clock of tests. */
export const createClock = ({ start, scale = 1, wall = Date.now }: ClockOptions = {}): ServerClock => {
  if (!(scale >= 0)) throw new RangeError(`clock scale ${scale} is negative: give 0 (stepped) or more`);
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
