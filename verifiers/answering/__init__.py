"""What an answer is: found in prose, read with its unit, base and percent sign, and compared with another one."""
