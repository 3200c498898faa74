// Says so in a toast when the browser or its user broke off a passkey; allauth would only log it.
document.addEventListener('allauth.error', event => {
  event.preventDefault();
  const toast = document.getElementById('passkey-failed').content.cloneNode(true);
  document.getElementById('toasts').prepend(toast);
});
