// What every demonstration page has: the tracker's ordinary snippet, the dimensions, and the developer's view.
'use strict';

const demo = (() => {
  const debug = new URLSearchParams(location.search).has('padoqe-debug');
  const base = new URL('..', document.currentScript.src).href;

  // --- Measurement -------------------------------------------------------------------------------------------------

  const _paq = (window._paq = window._paq || []);

  // The server puts the site's number in place of the placeholder; without a server it is site 1.
  const written = document.querySelector('meta[name="padoqe-site"]').content;
  const site = /^\d+$/.test(written) ? written : '1';

  // Dimensions: 1 Profil and 2 Niveau of the visit, 3 Discipline of the action.
  const chosen = (id) => {
    try {
      return sessionStorage.getItem('demo-dimension' + id);
    } catch {
      return null;
    }
  };
  const choose = (id, value) => {
    try {
      sessionStorage.setItem('demo-dimension' + id, value);
    } catch {}
    _paq.push(value ? ['setCustomDimension', id, value] : ['deleteCustomDimension', id]);
  };

  const { profil, discipline } = document.body?.dataset ?? {};
  _paq.push(['setCustomDimension', 1, profil]);
  _paq.push(['setCustomDimension', 2, chosen(2) || 'college']);
  if (discipline) _paq.push(['setCustomDimension', 3, chosen(3) || discipline]);

  // The developer's view is not part of the page's address.
  if (debug) {
    const address = new URL(location.href);
    address.searchParams.delete('padoqe-debug');
    _paq.push(['setCustomUrl', address.href]);
  }

  for (const select of document.querySelectorAll('select[data-dimension]')) {
    const id = Number(select.dataset.dimension);
    const before = chosen(id);
    if (before !== null && (id != 3 || discipline)) select.value = before;
    select.addEventListener('change', () => choose(id, select.value));
  }

  // --- The developer's view: ?padoqe-debug ---------------------------------------------------------------------------

  if (debug) showHits();

  function showHits() {
    const KEPT = 'demo-hits';
    let kept = [];
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    } catch {}

    const panel = document.createElement('aside');
    panel.className = 'hits';
    panel.setAttribute('aria-labelledby', 'hits-titre');
    panel.tabIndex = 0;
    panel.innerHTML = '<h2 id="hits-titre">Envoyé au serveur de mesure, le dernier d’abord</h2><ul></ul><p><button type="button">Vider la liste</button></p>';
    const list = panel.querySelector('ul');
    panel.querySelector('button').addEventListener('click', () => {
      kept = [];
      sessionStorage.removeItem(KEPT);
      list.replaceChildren();
    });
    document.body.append(panel);

    const sentence = (hit) =>
      hit.ret_since ? 'une fois par jour : retour sur le site, par tranches'
      : hit.ping ? `attention : ${hit.active} s`
      : hit.e_c ? `événement : ${[hit.e_c, hit.e_a, hit.e_n].filter(Boolean).join(' › ')}${hit.e_v ? ` = ${hit.e_v}` : ''}`
      : hit.search ? `recherche : ${hit.search} (${hit.search_count ?? '?'})`
      : hit.idgoal ? `objectif ${hit.idgoal}`
      : hit.download ? `téléchargement : ${hit.download.split('/').pop()}`
      : hit.link ? `lien sortant : ${hit.link}`
      : `page vue : ${hit.action_name}`;

    const line = (hit) => {
      const item = document.createElement('li');
      const details = document.createElement('details');
      const summary = document.createElement('summary');
      summary.textContent = sentence(hit);
      const terms = document.createElement('dl');
      for (const [name, value] of Object.entries(hit)) {
        const term = document.createElement('dt');
        const said = document.createElement('dd');
        term.textContent = name;
        said.textContent = value;
        terms.append(term, said);
      }
      details.append(summary, terms);
      item.append(details);
      list.prepend(item);
    };
    kept.forEach(line);

    // Beside each action: the control last used, or the element that carries the feature.
    let control = null;
    let usedAt = 0;
    for (const type of ['click', 'submit', 'change'])
      addEventListener(
        type,
        (event) => {
          control = event.target.closest?.('button, a, summary, select, input, textarea') ?? control;
          usedAt = performance.now();
        },
        true,
      );
    const badge = (hit) => {
      const feature = hit.e_a && document.querySelector(`[data-feature="${CSS.escape(hit.e_a)}"]`);
      const place = feature || (performance.now() - usedAt < 1500 && control);
      if (!place || hit.ping || panel.contains(place)) return;
      const note = document.createElement('span');
      note.className = 'hit';
      note.textContent = sentence(hit);
      const field = place.closest('fieldset, .recorder, .actions, li, .field, details') ?? place;
      field.querySelectorAll('.hit').forEach((old) => old.remove());
      // Later, so that nothing moves under a finger that is still down.
      setTimeout(() => (field == place && !place.matches('fieldset, details') ? place.after(note) : field.append(note)), 400);
    };

    const note = (address, body) => {
      const url = new URL(address, location.href);
      if (!/\/(matomo|piwik)\.php$/.test(url.pathname)) return;
      // What is too long for an address is in the body.
      const hit = { ...Object.fromEntries(url.searchParams), ...(body instanceof URLSearchParams && Object.fromEntries(body)) };
      kept.push(hit);
      try {
        sessionStorage.setItem(KEPT, JSON.stringify(kept.slice(-50)));
      } catch {}
      line(hit);
      badge(hit);
    };

    const beacon = navigator.sendBeacon?.bind(navigator);
    if (beacon)
      navigator.sendBeacon = (address, body) => {
        note(address, body);
        return beacon(address, body);
      };
    const get = window.fetch?.bind(window);
    if (get)
      window.fetch = (request, options) => {
        note(request.url ?? request);
        return get(request, options);
      };
    const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
    window.Image = class extends Image {
      set src(address) {
        note(address);
        source.set.call(this, address);
      }
      get src() {
        return source.get.call(this);
      }
    };

    // It stays on from page to page.
    for (const link of document.querySelectorAll('a[href]'))
      if (link.host == location.host && link.pathname.endsWith('.html')) link.search = '?padoqe-debug';
    for (const form of document.querySelectorAll('form[action]')) {
      const flag = document.createElement('input');
      flag.type = 'hidden';
      flag.name = 'padoqe-debug';
      form.append(flag);
    }
    const off = document.querySelector('[data-debug-link]');
    off.textContent = 'Ne plus voir ce qui est envoyé';
    off.search = '';
  }

  // --- The tracker itself, last: what it finds in _paq is the page's own ----------------------------------------------

  _paq.push(['trackPageView', document.title.split(' – ')[0]]);
  _paq.push(['enableLinkTracking']);
  _paq.push(['setTrackerUrl', base + 'matomo.php']);
  _paq.push(['setSiteId', site]);
  const script = document.createElement('script');
  script.async = true;
  script.src = base + 'matomo.js';
  document.head.append(script);

  /** Counts the seconds from its start during which the page is visible. */
  const stopwatch = () => {
    let spent = 0;
    let since = document.hidden ? 0 : performance.now();
    document.addEventListener('visibilitychange', () => {
      if (since) spent += performance.now() - since;
      since = document.hidden ? 0 : performance.now();
    });
    return () => Math.max(1, Math.round((spent + (since ? performance.now() - since : 0)) / 1000));
  };

  return {
    stopwatch,
    event: (...words) => window._paq.push(['trackEvent', ...words]),
    go: (address) => (location.href = debug ? address + '?padoqe-debug' : address),
  };
})();
