enum EventJournalPlaceholder {}
