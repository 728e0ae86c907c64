import { describe, expect, it } from '@jest/globals';
import { getExpectedDuration, getStrategy, parseStrategies } from '../../src/inputs/strategy.js';

const growth = { durationMinutes: 30, bakeMinutes: 10, growthFactor: 20, growthType: 'LINEAR' as const };

describe('the input strategy', () => {
  it.each([
    ['a name for all', 'AppConfig.AllAtOnce', 'dev', 'AppConfig.AllAtOnce'],
    ['lines of environments', 'dev=AppConfig.AllAtOnce\n*=Slow', 'dev', 'AppConfig.AllAtOnce'],
    ['a star for the others', 'dev=AppConfig.AllAtOnce\n*=Slow', 'qa', 'Slow'],
    ['a map of environments', '{ dev: Fast, prod: Slow }', 'prod', 'Slow'],
  ])('can be %s', (_label, input, environment, name) => {
    expect(getStrategy(parseStrategies(input), environment)).toEqual({ kind: 'named', name });
  });

  it('can be an inline definition with a default name', () => {
    expect(getStrategy(parseStrategies('{ duration: 30m, bake: 10m, growth: 20% }'), 'dev')).toEqual({
      kind: 'inline',
      name: 'Linear20Percent30MinutesBake10',
      growth,
    });
  });

  it('can be an inline definition for one environment', () => {
    const specs = parseStrategies('prod: { name: careful, duration: 1h, growth: 5, type: exponential }\n"*": Fast');
    expect(getStrategy(specs, 'prod')).toMatchObject({ name: 'careful', growth: { growthType: 'EXPONENTIAL' } });
  });

  it.each([
    ['{ duration: 90s, growth: 10 }', "'duration: 90s' must be whole minutes, at most 24h"],
    ['{ duration: 25h, growth: 10 }', "'duration: 25h' must be whole minutes, at most 24h"],
    ['{ growth: 0 }', "'growth: 0' must be a percentage from 1 to 100"],
    ['{ growth: 10, type: square }', "'type: square' must be linear or exponential"],
    ['{ growth: 10, speed: 1 }', "unknown key 'speed': expected one of name, duration, bake, growth, type"],
    ['[a]', '["a"] must be a name, or a map'],
  ])('rejects %s', (input, message) => expect(() => parseStrategies(input)).toThrow(message));

  it('rejects an environment without a strategy', () => {
    expect(() => getStrategy(parseStrategies('dev=Fast'), 'qa')).toThrow("has no entry for environment 'qa'");
  });
});

describe('a strategy', () => {
  it('lasts for its growth and bake time', () => expect(getExpectedDuration(growth)).toBe(40 * 60_000));
});
