"""What starts runs between the hours: events from outside, and a look at sevDesk."""
