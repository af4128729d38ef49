new Intl.DateTimeFormat('en', { hour: 'numeric' }).format();
