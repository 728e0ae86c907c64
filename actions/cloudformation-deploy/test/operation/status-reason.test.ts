import { describe, expect, it } from '@jest/globals';
import { formatReason } from '../../src/operation/status-reason.js';

describe('plainReason', () => {
  it.each([
    [
      "Resource handler returned message: \"Value '0' at 'shardCount' is too small (Service: Kinesis, Status Code: 400, Request ID: 3f0c)\" (RequestToken: 7d3b, HandlerErrorCode: InvalidRequest)",
      "Value '0' at 'shardCount' is too small (InvalidRequest)",
    ],
    [
      'Resource handler returned message: "a "quoted" text\non two lines" (RequestToken: 7d3b, HandlerErrorCode: NotStabilized)',
      'a "quoted" text\non two lines (NotStabilized)',
    ],
    [
      'Rate exceeded (Service: AmazonEC2; Status Code: 503; Error Code: RequestLimitExceeded; Request ID: 1; Proxy: null)',
      'Rate exceeded',
    ],
    ['The queue (orders) is not there', 'The queue (orders) is not there'],
    ['', ''],
  ])('makes %j readable', (reason, plain) => {
    expect(formatReason(reason)).toBe(plain);
  });
});
