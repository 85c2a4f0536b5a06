package clarity

// next finds the time of the next update in a sentence: a word for hearing from us, and a time that lies ahead.
func (r *reading) next(tokens []token) (span, bool) {
	about := -1
	for i := 0; i < len(tokens) && about < 0; i++ {
		if hears(tokens, i) {
			about = i
		}
	}
	if about < 0 {
		return span{}, false
	}
	for i := range tokens {
		if i > about+14 {
			break
		}
		switch tokens[i].low {
		case "in", "within", "by", "at", "before", "every", "around", "than", "until", "next", "about", "after", "for", "again", "is":
		case "tomorrow", "hourly", "tonight":
			return span{i, i + 1}, true
		default:
			continue
		}
		for k := i + 1; k < len(tokens) && k <= i+4; k++ {
			n := &tokens[k]
			if n.class&clock != 0 || n.class&unit != 0 || n.low == "tomorrow" || n.low == "noon" || n.low == "midnight" ||
				n.class&number != 0 && n.low[0] <= '9' && (k+1 == len(tokens) || tokens[k+1].class&unit != 0 || tokens[k+1].low == "am" || tokens[k+1].low == "pm" || tokens[k+1].low == "utc" || tokens[k+1].low == "cet" || tokens[k+1].low == "o'clock") {
				if k > about-10 {
					return span{i, k + 1}, true
				}
			}
		}
	}
	return span{}, false
}

// hears reports whether a word at i is about hearing from us: "next update", "we report back", "let you know". What
// was updated, and a report that somebody has sent, are not.
func hears(tokens []token, i int) bool {
	prev := ""
	if i > 0 {
		prev = tokens[i-1].low
	}
	switch w := tokens[i].low; w {
	case "update", "updates", "hear", "post", "write", "news", "information", "details", "share", "inform", "posting", "notify":
		return true
	case "back":
		return prev == "report" || prev == "check" || prev == "write" || prev == "come" || prev == "be" || prev == "again"
	case "know", "tell", "say":
		return before(tokens, i, ours, 3) || prev == "you" || prev == "everyone"
	case "more":
		return before(tokens, i, ours, 3)
	case "report", "reporting":
		return !article(prev)
	default:
		return false
	}
}
