const HANDLER_MESSAGE =
  /^Resource handler returned message: "(.*)" \(RequestToken: [^,)]*, HandlerErrorCode: ([\w:-]+)\)$/su;
const SERVICE_SUFFIX = /\s*\(Service: [^()]*(?:Status Code|Error Code)[^()]*\)$/u;

/**
 * A reason as people say it: the handler's message without its wrapping, service and request ids, and the error code
 * after it. Anything of another form stays as it is. The whole reason is in the event's own line of the log and in the output failed-resources.
 */
export const formatReason = (reason: string): string => {
  const [, message, code] = HANDLER_MESSAGE.exec(reason.trim()) ?? [];
  if (message === undefined) return reason.trim().replace(SERVICE_SUFFIX, '');
  return `${message.replace(SERVICE_SUFFIX, '')} (${code})`;
};
