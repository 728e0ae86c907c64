
(() => {
  const CHUNK = 50;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);
  const [form, list, count, end] = ['filters', 'findings', 'count', 'end'].map(byId);
  const fields = form.elements;
  const keys = { severity: (row) => row.s, file: (row) => row.f, rule: (row) => row.r, status: (row) => row.k };
  const names = { severity: data.severities, file: data.files, rule: data.rules.map(({ name }) => name), status: data.statuses };
  const template = document.createElement('template');
  let shown = data.rows;
  let next = 0;
  let group;

  const toElement = (markup) => {
    template.innerHTML = markup;
    return template.content;
  };
  const toRow = (row) => {
    const content = toElement(row.h);
    for (const about of content.querySelectorAll('[data-rule]')) about.innerHTML = data.rules[row.r].about;
    for (const stepper of content.querySelectorAll('.stepper')) stepper.hidden = false;
    return content;
  };
  const toHeading = (name, tone) => {
    const heading = document.createElement('h2');
    heading.textContent = name;
    if (tone) heading.className = tone;
    return heading;
  };
  const showMore = () => {
    const by = fields.group.value;
    const fragment = document.createDocumentFragment();
    for (const limit = Math.min(next + CHUNK, shown.length); next < limit; next += 1) {
      const key = keys[by](shown[next]);
      if (key !== group) fragment.append(toHeading(names[by][key] || 'No file', by === 'severity' ? names[by][key] : ''));
      group = key;
      const content = document.createElement('div');
      content.className = names.severity[shown[next].s];
      content.append(toRow(shown[next]));
      fragment.append(content);
    }
    list.append(fragment);
    if (next >= shown.length) return observer.unobserve(end);
    // Observing again reports the end if it is still in view.
    observer.unobserve(end);
    observer.observe(end);
  };
  const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && showMore(), {
    rootMargin: '800px',
  });
  const matches = (row, words) =>
    Object.keys(keys).every((name) => fields[name].value === '' || keys[name](row) === Number(fields[name].value)) &&
    (!fields.fresh || !fields.fresh.checked || row.n === 1) &&
    words.every((word) => row.t.includes(word));
  const apply = () => {
    const words = fields.search.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const by = fields.group.value;
    shown = data.rows.filter((row) => matches(row, words));
    if (by !== 'severity') shown.sort((left, right) => keys[by](left) - keys[by](right) || left.i - right.i);
    list.textContent = '';
    next = 0;
    group = undefined;
    count.textContent = shown.length + ' of ' + data.rows.length + (data.rows.length === 1 ? ' finding' : ' findings');
    showMore();
  };
  const addOptions = (name) => {
    const totals = new Map();
    for (const row of data.rows) totals.set(keys[name](row), (totals.get(keys[name](row)) || 0) + 1);
    for (const [key, total] of [...totals].sort((left, right) => left[0] - right[0]))
      fields[name].add(new Option((names[name][key] || 'No file') + ' (' + total + ')', key));
  };
  const readHash = () => {
    const [name, value] = decodeURIComponent(location.hash.slice(1)).split('=');
    if (!keys[name]) return;
    form.reset();
    fields[name].value = name === 'severity' || name === 'status' ? names[name].indexOf(value) : value;
    apply();
    byId('results').scrollIntoView();
  };
  const step = (button) => {
    const steps = [...button.closest('.flow').querySelectorAll('li')];
    const current = steps.findIndex((item) => item.hasAttribute('aria-current'));
    const target = steps[Math.min(steps.length - 1, Math.max(0, current + Number(button.dataset.step)))];
    for (const item of steps) item.removeAttribute('aria-current');
    target.setAttribute('aria-current', 'step');
    target.scrollIntoView({ block: 'nearest' });
  };

  data.rows.forEach((row, index) => Object.assign(row, { i: index }));
  Object.keys(keys).forEach(addOptions);
  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  list.addEventListener('click', (event) => event.target.matches('[data-step]') && step(event.target));
  addEventListener('hashchange', readHash);
  apply();
  readHash();
})();
