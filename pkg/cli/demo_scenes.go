package cli

import "time"

const (
	ana  = "Ana Lima <ana@example.com>"
	ben  = "Ben Ode <ben@example.com>"
	chen = "Chen Wu <chen@example.com>"
	dana = "Dana Roy <dana@example.com>"
	bot  = "Deploy bot <bot@example.com>"
)

// ago is so many hours and minutes before the demo is played.
func ago(hours, minutes int) time.Duration {
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
}

// scenes are the demo, oldest first: one incident that is closed, one that is resolved, and the one of the
// last two hours, which is being watched.
var scenes = []scene{
	{ago(75, 0), chen, []string{"open", "Search index is stale", "--severity", "sev3", "--impact", "minor", "--component", "Search=degraded_performance"}, "search"},
	{ago(74, 50), chen, []string{"note", "-i", "{search}", "Indexer stopped at offset 88412: disk full on search-2. Deleting old segments."}, ""},
	{ago(74, 40), ben, []string{"note", "-i", "{search}", "-a", "customer", "--next", "2h", "Products added today do not show up in search yet. Everything else can be found as usual. We are making room for the index and expect it to catch up within two hours."}, ""},
	{ago(73, 20), chen, []string{"status", "monitoring", "-i", "{search}", "-m", "The index runs again and is catching up."}, ""},
	{ago(72, 50), ben, []string{"resolve", "-i", "{search}", "-a", "customer", "-m", "Search finds all products again. Those added in the morning were missing for about two hours. There is nothing you need to do."}, ""},
	{ago(51, 0), chen, []string{"postmortem", "{search}"}, ""},
	{ago(50, 0), chen, []string{"close", "-i", "{search}", "-m", "The disk alarm now rings at 80 per cent."}, ""},

	{ago(27, 0), dana, []string{"open", "Invoice mails delayed", "--severity", "sev3", "--impact", "minor", "--component", "Invoices=degraded_performance", "--commander", "Dana Roy"}, "mail"},
	{ago(26, 45), dana, []string{"note", "-i", "{mail}", "-a", "customer", "--next", "1h", "Invoices reach your mailbox up to an hour late. You can download them at once under Orders. We are sending the waiting ones in parallel now."}, ""},
	{ago(25, 55), dana, []string{"resolve", "-i", "{mail}", "-a", "customer", "-m", "All waiting invoices have been sent, and new ones arrive within a minute again. If one is missing, download it under Orders."}, ""},

	{ago(2, 0), ana, []string{"open", "Checkout errors", "--severity", "sev2", "--started", "8m ago", "--component", "Checkout=partial_outage", "--commander", "Ana Lima"}, "checkout"},
	{ago(1, 58), bot, []string{"note", "-i", "{checkout}", "--key", "deploy-4711", "Deploy 4711 of payments-api went out 12 minutes before the alarm."}, ""},
	{ago(1, 56), chen, []string{"note", "-i", "{checkout}", "p99 of payments-api at 9 s since deploy 4711; the pool to db-7 is exhausted."}, "pool"},
	{ago(1, 54), ana, []string{"assign", "communications", "Ben Ode", "-i", "{checkout}"}, ""},
	{ago(1, 53), ana, []string{"set", "-i", "{checkout}", "--impact", "major", "-m", "Support has twenty calls about declined cards."}, ""},
	{ago(1, 50), ben, []string{"note", "-i", "{checkout}", "-a", "customer", "--next", "30m", "About one in ten card payments fails at the last step. We are finding out why. Bank transfer and PayPal work."}, "first"},
	{ago(1, 46), ben, []string{"note", "--correct", "{first}", "--next", "30m", "About one in five card payments fails at the last step. We are finding out why. Bank transfer and PayPal work."}, ""},
	{ago(1, 44), dana, []string{"note", "-i", "{checkout}", "-a", "stakeholder", "--next", "1h", "One in five card payments has failed since shortly before the hour; we lose about 40 orders a minute. Engineering looks at the latest change to payments. Ben Ode writes to customers."}, ""},
	{ago(1, 38), chen, []string{"note", "--correct", "{pool}", "p99 of payments-api at 9 s since deploy 4711; the pool to db-3 (not db-7) is exhausted."}, ""},
	{ago(1, 30), ana, []string{"status", "identified", "-i", "{checkout}", "-m", "A change to payments keeps connections to the database open. It is being withdrawn."}, ""},
	{ago(1, 24), ben, []string{"note", "-i", "{checkout}", "-a", "customer", "--next", "30m", "We know why card payments fail: a change that we made today. We are withdrawing it, which takes about half an hour. Until then bank transfer and PayPal work; nobody is charged for a payment that failed."}, ""},
	{ago(1, 12), ana, []string{"note", "-i", "{checkout}", "-a", "internal", "--to", "support", "Please tell callers that failed payments are not charged. Refund nobody yet."}, ""},
	{ago(0, 58), chen, []string{"note", "-i", "{checkout}", "Rolled back to 4710 on all nodes. Pool at 30 per cent, p99 at 240 ms."}, ""},
	{ago(0, 55), ana, []string{"status", "monitoring", "-i", "{checkout}", "-a", "customer", "--next", "30m", "--component", "Checkout=operational", "-m", "Card payments work again since we withdrew the change. We keep watching them before we call it over. Orders that failed can simply be placed again."}, ""},
	{ago(0, 50), ana, []string{"set", "-i", "{checkout}", "--customers", "1200", "--share", "20%", "-m", "From the payment log, between alarm and rollback."}, ""},
	{ago(0, 40), dana, []string{"note", "-i", "{checkout}", "-a", "stakeholder", "--next", "1h", "Card payments work again. About 1,200 customers saw an error, nobody was charged twice. We watch until the evening peak is over."}, ""},
	{ago(0, 22), ben, []string{"note", "-i", "{checkout}", "-a", "customer", "--next", "45m", "Card payments have worked without errors for half an hour. We watch through the evening, when most of you shop."}, ""},
}
