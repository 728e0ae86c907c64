const HANDLER = /^Resource handler returned message: "(.*)" \(RequestToken: [^,)]*, HandlerErrorCode: ([\w:-]+)\)$/su;
const SERVICE = /\s*\(Service: [^()]*(?:Status Code|Error Code)[^()]*\)$/u;

/**
 * A reason as people say it: the handler's message without its wrapping, service and request ids, and the error code
 * after it. Anything of another form stays as it is. The whole reason is in the event's own line of the log and in the output failed-resources.
 */
export const plainReason = (reason: string): string => {
  const [, message, code] = HANDLER.exec(reason.trim()) ?? [];
  if (message === undefined) return reason.trim().replace(SERVICE, '');
  return `${message.replace(SERVICE, '')} (${code})`;
};
