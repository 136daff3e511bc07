"""Reports (周报、进展汇总、批示件汇总、通报的数字): what each says, from the ledger and the regulation, and as xlsx."""
