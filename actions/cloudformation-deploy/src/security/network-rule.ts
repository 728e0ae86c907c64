import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { toTexts } from './policy-pattern.js';

/** A rule of a security group. */
export interface NetworkRule {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  /** CIDR range, prefix list or security group. */
  readonly peer: string;
}

const PEERS = [
  'CidrIp',
  'CidrIpv6',
  'SourceSecurityGroupId',
  'SourceSecurityGroupName',
  'SourcePrefixListId',
  'DestinationSecurityGroupId',
  'DestinationPrefixListId',
];

/** Names of protocols, whose numbers are equal to them. */
const PROTOCOLS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' };

const readPort = (value: unknown): number | undefined => {
  const port = Number(value ?? Number.NaN);
  return Number.isFinite(port) ? port : undefined;
};

/** Reads a rule; other values, such as unresolved functions, become their own peer. */
export const readNetworkRule = (value: unknown, direction: NetworkRule['direction']): NetworkRule => {
  const rule = isRecord(value) ? value : {};
  const protocol = String(rule['IpProtocol'] ?? '-1').toLowerCase();
  const peers = PEERS.flatMap((name) => toTexts(rule[name]));
  return {
    direction,
    protocol: PROTOCOLS[protocol] ?? protocol,
    fromPort: readPort(rule['FromPort']),
    toPort: readPort(rule['ToPort']),
    peer: peers.length === 0 ? JSON.stringify(value) : peers.join(' '),
  };
};

const parseIpv4 = (cidr: string): readonly [address: number, bits: number] | undefined => {
  const [, a, b, c, d, bits = '32'] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/u.exec(cidr) ?? [];
  if (a === undefined) return undefined;
  return [[a, b, c, d].reduce((sum, part) => sum * 256 + Number(part), 0), Number(bits)];
};

const coversPeer = (wide: string, narrow: string): boolean => {
  if (wide === narrow) return true;
  if (wide === '::/0') return narrow.includes(':') && narrow.includes('/') && !narrow.includes('{');
  const [outer, inner] = [parseIpv4(wide), parseIpv4(narrow)];
  if (outer === undefined || inner === undefined || outer[1] > inner[1]) return false;
  const size = 2 ** (32 - outer[1]);
  return Math.floor(outer[0] / size) === Math.floor(inner[0] / size);
};

const coversPorts = (wide: NetworkRule, narrow: NetworkRule): boolean => {
  if (wide.protocol === '-1') return true;
  if (wide.protocol !== narrow.protocol) return false;
  const isAll = wide.fromPort === undefined || wide.fromPort === -1;
  if (isAll || (wide.fromPort === narrow.fromPort && wide.toPort === narrow.toPort)) return true;
  const { fromPort = -1, toPort = Infinity } = narrow;
  return (wide.fromPort ?? Infinity) <= fromPort && (wide.toPort ?? -1) >= toPort;
};

/** Whether a rule allows everything that another one allows. */
export const coversRule = (wide: NetworkRule, narrow: NetworkRule): boolean =>
  wide.direction === narrow.direction && coversPorts(wide, narrow) && coversPeer(wide.peer, narrow.peer);

/** A rule in one line: `ingress tcp 22 from 0.0.0.0/0`. */
export const formatRule = ({ direction, protocol, fromPort, toPort, peer }: NetworkRule): string => {
  const ports = fromPort === undefined ? '' : ` ${fromPort === toPort ? fromPort : `${fromPort}-${toPort ?? ''}`}`;
  const preposition = direction === 'ingress' ? 'from' : 'to';
  return `${direction} ${protocol === '-1' ? 'all traffic' : `${protocol}${ports}`} ${preposition} ${peer}`;
};
