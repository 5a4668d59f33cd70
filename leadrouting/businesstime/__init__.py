"""Office hours as arithmetic on instants. Pure: no Django, no database, no clock."""
