import { expect, it } from '@jest/globals';
import { isCalendar } from '../../src/schedule/freeze-file.js';

it('a freeze file is an iCalendar document or other text', () => {
  expect(['BEGIN:VCALENDAR\r\n', '\uFEFFBEGIN:VCALENDAR\n', 'freezes: []', ''].map(isCalendar)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
