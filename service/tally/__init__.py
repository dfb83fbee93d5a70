"""The count: pure rules from ballots to winners, with a reason for every project. Knows neither database nor web."""
