const a: any = { x: 1, x: 2 };
switch (a) { case 1: break; case 1: break; }
for (const k in a) { delete a[k]; }
export function f(x: any) { return x!.y; }
