// The opt-out inside a site's own page: for every element with data-padoqe-opt-out, a sentence and a button. The choice is
// kept where the tracker keeps its own, in this site's storage. Without script, what stands in the element stays.
//   data-padoqe-opt-out="fr"   the language: fr, en; that of the page unless told

const TEXTS = {
  fr: {
    measured: 'Sur cet appareil, votre navigation est comptée, sans cookie et sans savoir qui vous êtes.',
    refused: 'Sur cet appareil, votre navigation n’est pas comptée.',
    signal: 'Votre navigateur demande à ne pas être suivi : votre navigation n’est pas comptée.',
    denied: 'Votre navigateur ne permet pas de garder votre choix. Vous pouvez activer « Ne pas me pister » dans ses réglages.',
    refuse: 'Ne plus être compté',
    accept: 'Être compté de nouveau',
  },
  en: {
    measured: 'On this device your browsing is counted, without a cookie and without knowing who you are.',
    refused: 'On this device your browsing is not counted.',
    signal: 'Your browser asks not to be tracked: your browsing is not counted.',
    denied: 'Your browser does not allow your choice to be kept. You can switch on “Do Not Track” in its settings.',
    refuse: 'Stop counting me',
    accept: 'Count me again',
  },
};

function show(place: HTMLElement): void {
  const asked = place.dataset.padoqeOptOut || document.documentElement.lang;
  const text = TEXTS[/^en/i.test(asked) ? 'en' : 'fr'];
  const status = document.createElement('p');
  status.setAttribute('role', 'status');
  const button = document.createElement('button');
  button.type = 'button';

  const asksNot = navigator.doNotTrack == '1' || (navigator as unknown as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  let works = true;
  const refused = (choice?: 'out' | 'in') => {
    try {
      if (choice) localStorage.padoqe = choice;
      return localStorage.padoqe == 'out';
    } catch {
      works = false;
      return false;
    }
  };
  const say = () => {
    const out = refused();
    status.textContent = asksNot ? text.signal : works ? (out ? text.refused : text.measured) : text.denied;
    button.textContent = out ? text.accept : text.refuse;
    button.hidden = !!asksNot || !works;
  };
  button.addEventListener('click', () => {
    const out = !refused();
    refused(out ? 'out' : 'in');
    // The tracker of this page, if it runs, must know at once.
    const { _paq } = window as unknown as { _paq?: unknown[] };
    _paq?.push([out ? 'optUserOut' : 'forgetUserOptOut']);
    say();
  });
  say();
  place.replaceChildren(status, button);
}

const all = () => document.querySelectorAll<HTMLElement>('[data-padoqe-opt-out]').forEach(show);
if (document.readyState == 'loading') document.addEventListener('DOMContentLoaded', all);
else all();
