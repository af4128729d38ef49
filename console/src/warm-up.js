new Intl.DateTimeFormat('en').format();
