var unused = 1;
function run(input) {
  if (input = 1) eval(input);
  while (true) { debugger; }
  return input == null;
  console.log('unreachable');
}
run(new Function('return 1')());
