package main

import "testing"

func TestKind(t *testing.T) {
	for _, tt := range []struct{ rule, file, text, want string }{
		{"line ends and decoration do not matter", "LICENSE", "// Permission is hereby granted,\n//   free of charge, to any person\n// obtaining a copy", "MIT"},
		{"a heading in the middle of the page is read", "LICENSE", "   Apache License\n   Version 2.0, January 2004", "Apache-2.0"},
		{"a short form is read too", "NOTICE", "Licensed under the Apache License, Version 2.0 (the \"License\")", "Apache-2.0"},
		{"a duty on the whole program is refused", "COPYING", "GNU GENERAL PUBLIC LICENSE\nVersion 3", ""},
		{"two licences in one file are read by a person", "LICENSE", "Permission is hereby granted, free of charge, to any person obtaining a copy ... or the Mozilla Public License", ""},
		{"an unknown one is refused", "LICENSE", "Do as you like on Sundays.", ""},
		{"names to keep add nothing", "NOTICE", "Copyright 2016 Somebody", "notice"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := kind(tt.file, tt.text); got != tt.want {
				t.Errorf("kind = %q, want %q", got, tt.want)
			}
		})
	}
}
