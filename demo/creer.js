'use strict';

{
  const NAMES = { qcm: 'QCM', 'texte-a-trous': 'Texte à trous', audio: 'Réponse orale', dessin: 'Dessin' };
  const message = document.querySelector('#message');
  const questions = document.querySelector('#questions');
  const buttons = [...document.querySelectorAll('[data-type]')];
  const editors = [...document.querySelectorAll('[data-editor]')];
  let elapsed = null;

  const open = (type) => {
    for (const editor of editors) editor.hidden = editor.dataset.editor != type;
    for (const button of buttons) button.setAttribute('aria-expanded', String(button.dataset.type == type));
    elapsed = type && demo.stopwatch();
    if (type) document.querySelector(`[data-editor="${type}"] [data-question]`).focus();
  };

  for (const button of buttons)
    button.addEventListener('click', () => open(button.getAttribute('aria-expanded') == 'true' ? null : button.dataset.type));

  for (const editor of editors)
    editor.addEventListener('submit', (event) => {
      event.preventDefault();
      const type = editor.dataset.editor;
      demo.event('Création', 'ajout-question', type, elapsed());
      const item = document.createElement('li');
      const kind = document.createElement('b');
      kind.textContent = NAMES[type];
      item.append(kind, ' ' + (editor.querySelector('[data-question]').value || 'sans consigne'));
      questions.append(item);
      document.querySelector('#vide').hidden = true;
      message.textContent = `Question ajoutée : ${NAMES[type]}. Le quiz compte ${questions.children.length} question${questions.children.length > 1 ? 's' : ''}.`;
      open(null);
      buttons.find((button) => button.dataset.type == type).focus();
    });

  // The click on this button is counted by its attribute data-feature.
  const preview = document.querySelector('#apercu');
  const shown = document.querySelector('#apercu-quiz');
  preview.addEventListener('click', () => {
    shown.hidden = !shown.hidden;
    preview.setAttribute('aria-expanded', String(!shown.hidden));
    if (shown.hidden) return;
    const title = document.createElement('p');
    title.textContent = document.querySelector('#titre').value;
    const list = questions.cloneNode(true);
    list.removeAttribute('id');
    document.querySelector('#apercu-contenu').replaceChildren(title, list);
    shown.focus();
  });

  document.querySelector('#titre').addEventListener('change', (event) => {
    try {
      sessionStorage.setItem('demo-titre', event.target.value);
    } catch {}
  });
}
