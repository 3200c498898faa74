// The only first-party script, for both sites. No eval, no inline handlers; every page also works without it.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const root = document.documentElement, dialog = $('#dialog'), dialogBody = $('#dialog-body'), toasts = $('#toasts');
  const on = (name, handle) => document.addEventListener(name, handle);
  root.classList.add('js');

  // One key per click, so that a browser or proxy that sends it twice cannot make it count twice.
  // (randomUUID itself is missing where the origin is plain http.)
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
  on('htmx:configRequest', event => {
    if (event.detail.elt.hasAttribute('data-key')) event.detail.headers['Idempotency-Key'] = key();
  });

  // Dialog: opens when its content has landed, closes on the server's word, gives focus back to its opener.
  let opener = null;
  on('htmx:beforeRequest', event => { if (event.detail.target === dialogBody && !dialog.open) opener = event.detail.elt; });
  on('htmx:afterSwap', event => {
    if (event.detail.target !== dialogBody || !dialogBody.firstElementChild) return;
    if (!dialog.open) dialog.showModal();
    const first = $('[autofocus]', dialogBody);     // the server marks the first field, or the first wrong one
    first?.focus(); first?.select?.();
  });
  on('dialog-done', () => dialog?.close());
  dialog?.addEventListener('close', () => { dialogBody.replaceChildren(); if (opener?.isConnected) opener.focus(); opener = null; });
  dialog?.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  on('click', event => {
    if (dialog?.open && event.target.closest('[data-dialog-close]')) { event.preventDefault(); dialog.close(); }
    event.target.closest('[data-close]')?.closest('.toast')?.remove();
  });

  // Toasts: newest first, three at most, one per product; gone after 8 s unless somebody is on them.
  const watch = toast => {
    if (toast.nodeType !== 1) return;
    if (toast.dataset.for) toasts.querySelectorAll(`[data-for="${CSS.escape(toast.dataset.for)}"]`).forEach(other => other !== toast && other.remove());
    while (toasts.children.length > 3) toasts.lastElementChild.remove();
    const fade = () => toast.matches(':hover, :focus-within') ? setTimeout(fade, 2000) : toast.remove();
    setTimeout(fade, 8000);
  };
  if (toasts) {
    [...toasts.children].forEach(watch);
    new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(watch))).observe(toasts, { childList: true });
  }

  // Anything but a fragment with a sentence in it: never claim that nothing changed, show what the server has.
  const unsure = event => {
    if (event.detail?.xhr?.status === 401) return;  // carries HX-Redirect to the sign-in page
    const warning = $('#unsure')?.content.cloneNode(true);
    if (!warning) return;
    if (dialog?.open) {                             // a toast would lie behind it
      dialogBody.prepend(warning);
      $('.primary', dialogBody)?.focus();
    } else {
      toasts.prepend(warning);
      refresh();
    }
  };
  const refresh = async () => {
    const answer = await fetch(location.href).catch(() => null);
    const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('main');
    if (!fresh) return;
    $('#main').replaceChildren(...fresh.childNodes);
    window.htmx?.process($('#main'));
  };
  ['htmx:responseError', 'htmx:sendError', 'htmx:timeout'].forEach(name => on(name, unsure));

  // "/" goes to the search field, which is also where a scanner types.
  on('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea, dialog')) return;
    const search = $('#q');
    if (search) { event.preventDefault(); search.select(); search.focus(); }
  });
  // An exact code in the search field puts the focus on +1, so that the scanner's next Enter counts.
  on('htmx:afterSwap', event => { if (event.detail.target.id === 'results') $('#results [data-exact]')?.focus(); });

  // Scan mode: the field is free again at once, and scans are sent one after another, in order. What
  // comes back (where one stands now) goes along with the next.
  let scans = Promise.resolve();
  on('submit', event => {
    const selector = event.target.dataset.scan, field = event.target.elements.code;
    if (!selector || !window.htmx) return;
    event.preventDefault();
    const code = field.value, idempotency_key = key();
    field.value = '';
    field.focus();
    scans = scans.then(() => htmx.ajax('POST', location.pathname, { target: selector, swap: 'innerHTML',
      values: { ...Object.fromEntries(new FormData($('[data-scan]'))), code, idempotency_key } })).catch(() => {});
  });

  // Theme without a reload; the cookie is what both servers read.
  $('[data-theme-form]')?.addEventListener('submit', event => {
    if (event.submitter?.name !== 'theme') return;
    event.preventDefault();
    const theme = event.submitter.value;
    document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
    root.dataset.theme = theme;
    event.target.querySelectorAll('button').forEach(button => button.setAttribute('aria-pressed', button.value === theme));
  });
})();
