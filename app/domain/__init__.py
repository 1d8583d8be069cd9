"""What the words mean: events, filters, areas, days. No web and no database."""
