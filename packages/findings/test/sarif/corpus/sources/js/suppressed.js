// eslint-disable-next-line no-eval
eval('1');
/* eslint-disable no-console -- wanted */
console.log(1);
eval('2');
