"""Who is asking, and what they may do: tokens in, people and permissions out."""
